/* Text flowing down A4 pages. Everything placed is kept until flow_draw, because a footer names the page count.
 * Private to the letter layer. Units: points (1/72 inch), y downwards from the top of the page. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#define MM(x)       ((x)*72.0 / 25.4)
#define FLOW_WIDTH  MM (210) /* A4 */
#define FLOW_HEIGHT MM (297)
#define FLOW_LEFT   MM (20)
#define FLOW_RIGHT  (FLOW_WIDTH - MM (20))
#define FLOW_TOP    MM (15)
#define FLOW_BOTTOM (FLOW_HEIGHT - MM (20)) /* the footer stands below */

enum flow_style {
    STYLE_BODY,
    STYLE_PARAGRAPH,
    STYLE_DATE,
    STYLE_TITLE,
    STYLE_NUMBER,
    STYLE_BOLD,
    STYLE_NAME,
    STYLE_GOVERNMENT,
    STYLE_DINAS,
    STYLE_ADDRESS,
    STYLE_HEAD,
    STYLE_CELL,
    STYLE_MIDDLE,
    STYLE_SMALL,
    STYLE_FOOTER,
    STYLE_END,
};

struct flow {
    int page;      /* 0-based, the page that y is on */
    double y;      /* where the next thing goes */
    bool overflow; /* something was higher than a page */
    PangoContext *context;
    PangoAttrList *attributes[2]; /* plain, underlined */
    PangoFontDescription *fonts[STYLE_END];
    GPtrArray *layouts; /* owned */
    GArray *items;
};

/* cairo: only for its font options; not kept. */
void flow_begin (struct flow *flow, cairo_t *cairo);
void flow_end (struct flow *flow);

/* Text wrapped to width, owned by the flow. NULL text is "". */
PangoLayout *flow_layout (struct flow *flow, enum flow_style style, double width, const char *text);
double layout_height (PangoLayout *layout);
/* Places a layout at (x, y) of the current page; does not move the flow's y. */
void flow_put (struct flow *flow, PangoLayout *layout, double x, double y);
void flow_rule (struct flow *flow, double x1, double y1, double x2, double y2, double thickness);
/* Makes room: true if that began a new page. */
bool flow_need (struct flow *flow, double height);
/* A text in the full width, moved on a new page if it does not fit whole. */
void flow_line (struct flow *flow, enum flow_style style, const char *text);
/* A paragraph that may break between lines, never leaving one line alone; its last lines stay on a page with `after`
 * more points below them. */
void flow_paragraph (struct flow *flow, const char *text, double after);
/* Draws every page, with the footer's left text and "Halaman n dari m". */
void flow_draw (struct flow *flow, cairo_t *cairo, const char *footer);
