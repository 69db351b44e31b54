#include "common/letter/flow.h"

#include <string.h>

static const struct {
    double size;
    bool bold, underline, justify;
    PangoAlignment align;
} styles[STYLE_END] = {
    [STYLE_BODY] = { 11, false, false, false, PANGO_ALIGN_LEFT },
    [STYLE_PARAGRAPH] = { 11, false, false, true, PANGO_ALIGN_LEFT },
    [STYLE_DATE] = { 11, false, false, false, PANGO_ALIGN_RIGHT },
    [STYLE_TITLE] = { 12, true, true, false, PANGO_ALIGN_CENTER },
    [STYLE_NUMBER] = { 11, false, false, false, PANGO_ALIGN_CENTER },
    [STYLE_BOLD] = { 11, true, false, false, PANGO_ALIGN_LEFT },
    [STYLE_NAME] = { 11, true, true, false, PANGO_ALIGN_LEFT },
    [STYLE_GOVERNMENT] = { 13, true, false, false, PANGO_ALIGN_CENTER },
    [STYLE_DINAS] = { 15, true, false, false, PANGO_ALIGN_CENTER },
    [STYLE_ADDRESS] = { 9.5, false, false, false, PANGO_ALIGN_CENTER },
    [STYLE_HEAD] = { 9, true, false, false, PANGO_ALIGN_CENTER },
    [STYLE_CELL] = { 9, false, false, false, PANGO_ALIGN_LEFT },
    [STYLE_MIDDLE] = { 9, false, false, false, PANGO_ALIGN_CENTER },
    [STYLE_SMALL] = { 8.5, false, false, false, PANGO_ALIGN_LEFT },
    [STYLE_FOOTER] = { 8.5, false, false, false, PANGO_ALIGN_RIGHT },
};

struct item {
    int page;
    PangoLayout *layout; /* NULL: a rule from (x, y) to (x2, y2) */
    int first, count;    /* lines of the layout; count -1: all */
    double x, y, x2, y2, thickness;
};

void
flow_begin (struct flow *flow, cairo_t *cairo)
{
    *flow = (struct flow){ .y = FLOW_TOP };
    flow->context = pango_cairo_create_context (cairo);
    cairo_font_options_t *options = cairo_font_options_create ();
    cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF); /* no screen: true widths, same everywhere */
    cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options (flow->context, options);
    cairo_font_options_destroy (options);
    pango_cairo_context_set_resolution (flow->context, 72);
    pango_context_set_round_glyph_positions (flow->context, FALSE);
    pango_context_set_language (flow->context, pango_language_from_string ("id"));
    pango_context_set_base_dir (flow->context, PANGO_DIRECTION_LTR);
    for (int i = 0; i < 2; i++) {
        flow->attributes[i] = pango_attr_list_new ();
        /* A number or name that must break keeps its own characters. */
        pango_attr_list_insert (flow->attributes[i], pango_attr_insert_hyphens_new (FALSE));
    }
    pango_attr_list_insert (flow->attributes[1], pango_attr_underline_new (PANGO_UNDERLINE_SINGLE));
    for (int i = 0; i < STYLE_END; i++) {
        flow->fonts[i] = pango_font_description_new ();
        pango_font_description_set_family_static (flow->fonts[i], "Liberation Serif");
        pango_font_description_set_size (flow->fonts[i], (int)(styles[i].size * PANGO_SCALE));
        pango_font_description_set_weight (flow->fonts[i], styles[i].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    }
    flow->layouts = g_ptr_array_new_with_free_func (g_object_unref);
    flow->items = g_array_new (FALSE, FALSE, sizeof (struct item));
}

void
flow_end (struct flow *flow)
{
    g_array_free (flow->items, TRUE);
    g_ptr_array_free (flow->layouts, TRUE);
    for (int i = 0; i < STYLE_END; i++)
        pango_font_description_free (flow->fonts[i]);
    for (int i = 0; i < 2; i++)
        pango_attr_list_unref (flow->attributes[i]);
    g_object_unref (flow->context);
}

/* Would not print, would break a line, or would show characters in another order than they are stored. */
static bool
is_unprintable (gunichar c)
{
    return g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C || c == 0xFEFF;
}

/* Printable UTF-8, to be freed with g_free. */
static char *
text_clean (const char *text)
{
    char *valid = g_utf8_make_valid (text, -1);
    bool clean = true;
    for (const char *at = valid; *at && clean; at = g_utf8_next_char (at))
        clean = !is_unprintable (g_utf8_get_char (at));
    if (clean)
        return valid;
    GString *result = g_string_sized_new (strlen (valid));
    for (const char *at = valid; *at; at = g_utf8_next_char (at))
        g_string_append_unichar (result, is_unprintable (g_utf8_get_char (at)) ? ' ' : g_utf8_get_char (at));
    g_free (valid);
    return g_string_free (result, FALSE);
}

PangoLayout *
flow_layout (struct flow *flow, enum flow_style style, double width, const char *text)
{
    PangoLayout *layout = pango_layout_new (flow->context);
    g_ptr_array_add (flow->layouts, layout);
    pango_layout_set_font_description (layout, flow->fonts[style]);
    pango_layout_set_attributes (layout, flow->attributes[styles[style].underline]);
    pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment (layout, styles[style].align);
    pango_layout_set_justify (layout, styles[style].justify);
    pango_layout_set_auto_dir (layout, FALSE);
    if (style == STYLE_PARAGRAPH)
        pango_layout_set_indent (layout, (int)(MM (12) * PANGO_SCALE));
    char *clean = text_clean (text ? text : "");
    pango_layout_set_text (layout, clean, -1);
    g_free (clean);
    return layout;
}

double
layout_height (PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents (layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

void
flow_put (struct flow *flow, PangoLayout *layout, double x, double y)
{
    struct item item = { .page = flow->page, .layout = layout, .count = -1, .x = x, .y = y };
    g_array_append_val (flow->items, item);
}

void
flow_rule (struct flow *flow, double x1, double y1, double x2, double y2, double thickness)
{
    struct item item = { .page = flow->page, .x = x1, .y = y1, .x2 = x2, .y2 = y2, .thickness = thickness };
    g_array_append_val (flow->items, item);
}

bool
flow_need (struct flow *flow, double height)
{
    if (height > FLOW_BOTTOM - FLOW_TOP)
        flow->overflow = true;
    if (flow->y + height <= FLOW_BOTTOM || flow->y <= FLOW_TOP)
        return false;
    flow->page++;
    flow->y = FLOW_TOP;
    return true;
}

void
flow_line (struct flow *flow, enum flow_style style, const char *text)
{
    if (!text || !*text)
        return;
    PangoLayout *layout = flow_layout (flow, style, FLOW_RIGHT - FLOW_LEFT, text);
    flow_need (flow, layout_height (layout));
    flow_put (flow, layout, FLOW_LEFT, flow->y);
    flow->y += layout_height (layout);
}

void
flow_paragraph (struct flow *flow, const char *text, double after)
{
    if (!text)
        text = "";
    PangoLayout *layout = flow_layout (flow, STYLE_PARAGRAPH, FLOW_RIGHT - FLOW_LEFT, text);
    int count = pango_layout_get_line_count (layout);
    double line = layout_height (layout) / count; /* one font: its lines are equally high, a fallback's barely differ */
    int first = 0;
    for (int i = 0; i < count; i++) {
        int left = count - i;
        double need = line;
        if (left <= 2 || count <= 3)
            need = left * line + after;
        else if (i == 0)
            need = 2 * line;
        int page = flow->page;
        double top = flow->y;
        bool stays = (left == 1 && count > 1) || (count <= 3 && i > 0); /* its companions already made the room */
        if (!stays && flow_need (flow, need) && i > first) {
            struct item item = {
                .page = page, .layout = layout, .first = first, .count = i - first, .x = FLOW_LEFT, .y = top
            };
            item.y -= (i - first) * line;
            g_array_append_val (flow->items, item);
            first = i;
        }
        flow->y += line;
    }
    struct item item = { .page = flow->page, .layout = layout, .first = first, .count = count - first, .x = FLOW_LEFT };
    item.y = flow->y - (count - first) * line;
    g_array_append_val (flow->items, item);
}

static void
draw_lines (cairo_t *cairo, const struct item *item)
{
    PangoLayoutIter *iter = pango_layout_get_iter (item->layout);
    double origin = 0;
    for (int i = 0; i < item->first + item->count; i++) {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents (iter, NULL, &logical);
        if (i == item->first)
            origin = (double)logical.y / PANGO_SCALE;
        if (i >= item->first) {
            double baseline = (double)pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
            cairo_move_to (cairo, item->x + (double)logical.x / PANGO_SCALE, item->y + baseline - origin);
            pango_cairo_show_layout_line (cairo, pango_layout_iter_get_line_readonly (iter));
        }
        pango_layout_iter_next_line (iter);
    }
    pango_layout_iter_free (iter);
}

static void
draw_item (cairo_t *cairo, const struct item *item)
{
    if (!item->layout) {
        cairo_set_line_width (cairo, item->thickness);
        cairo_move_to (cairo, item->x, item->y);
        cairo_line_to (cairo, item->x2, item->y2);
        cairo_stroke (cairo);
    } else if (item->count < 0) {
        cairo_move_to (cairo, item->x, item->y);
        pango_cairo_show_layout (cairo, item->layout);
    } else {
        draw_lines (cairo, item);
    }
}

void
flow_draw (struct flow *flow, cairo_t *cairo, const char *footer)
{
    size_t at = 0;
    int pages = flow->page + 1;
    double y = FLOW_HEIGHT - MM (14), width = FLOW_RIGHT - FLOW_LEFT;
    PangoLayout *left = flow_layout (flow, STYLE_SMALL, width * 0.7, footer);
    pango_layout_set_height (left, 0); /* one line */
    pango_layout_set_ellipsize (left, PANGO_ELLIPSIZE_END);
    for (int page = 0; page < pages; page++) {
        for (; at < flow->items->len; at++) {
            const struct item *item = &g_array_index (flow->items, struct item, at);
            if (item->page != page)
                break;
            draw_item (cairo, item);
        }
        char text[64];
        g_snprintf (text, sizeof text, "Halaman %d dari %d", page + 1, pages);
        cairo_move_to (cairo, FLOW_LEFT, y);
        pango_cairo_show_layout (cairo, left);
        cairo_move_to (cairo, FLOW_LEFT, y);
        pango_cairo_show_layout (cairo, flow_layout (flow, STYLE_FOOTER, width, text));
        cairo_show_page (cairo);
    }
}
