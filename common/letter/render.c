#include "common/letter/letter.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cairo-pdf.h>
#include "common/base/clock.h"
#include "common/letter/flow.h"

#define GAP    MM (4)   /* between parts of a letter */
#define PAD    MM (1.2) /* inside a cell */
#define THIN   0.5
#define HALF_X (FLOW_LEFT + MM (92)) /* where the signature block begins */

enum { COLUMNS = 6 };
static const struct {
    double width; /* mm; together the text width */
    enum flow_style style;
    const char *title;
} columns[COLUMNS] = {
    { 9, STYLE_MIDDLE, "No" },     { 46, STYLE_CELL, "Nama" },   { 30, STYLE_MIDDLE, "NIK" },
    { 30, STYLE_MIDDLE, "No KK" }, { 36, STYLE_CELL, "Alamat" }, { 19, STYLE_CELL, "Ket" },
};

static void
put_kop (struct flow *flow, const struct letter *letter)
{
    /* Centred over the whole width: names of offices leave the 24 mm at the left where the coat of arms is printed. */
    flow_line (flow, STYLE_GOVERNMENT, letter->government);
    for (size_t i = 0; i < letter->dinas.count; i++)
        flow_line (flow, STYLE_DINAS, letter->dinas.items[i]);
    for (size_t i = 0; i < letter->address.count; i++)
        flow_line (flow, STYLE_ADDRESS, letter->address.items[i]);
    flow->y += MM (1.5);
    flow_rule (flow, FLOW_LEFT, flow->y, FLOW_RIGHT, flow->y, 2);
    flow_rule (flow, FLOW_LEFT, flow->y + 2.4, FLOW_RIGHT, flow->y + 2.4, 0.6);
    flow->y += GAP;
}

static bool
is_titled (const struct letter *letter)
{
    return letter->title && *letter->title;
}

static const char *
number_text (const struct letter *letter)
{
    return letter->number ? letter->number : "DRAF";
}

static void
put_title (struct flow *flow, const struct letter *letter)
{
    char *number = g_strconcat ("Nomor: ", number_text (letter), NULL);
    flow->y += GAP;
    flow_line (flow, STYLE_TITLE, letter->title);
    flow_line (flow, STYLE_NUMBER, number);
    flow->y += 2 * GAP;
    g_free (number);
}

static void
put_head (struct flow *flow, const struct letter *letter)
{
    const char *fields[][2] = { { "Nomor", number_text (letter) },
                                { "Sifat", letter->sifat },
                                { "Lampiran", letter->lampiran },
                                { "Hal", letter->hal } };
    PangoLayout *date = flow_layout (flow, STYLE_DATE, MM (66), letter->place_date);
    double bottom = flow->y + layout_height (date);
    flow_put (flow, date, FLOW_RIGHT - MM (66), flow->y);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!fields[i][1] || !*fields[i][1])
            continue;
        PangoLayout *value = flow_layout (flow, STYLE_BODY, MM (80), fields[i][1]);
        if (flow_need (flow, layout_height (value)))
            bottom = flow->y;
        flow_put (flow, flow_layout (flow, STYLE_BODY, MM (20), fields[i][0]), FLOW_LEFT, flow->y);
        flow_put (flow, flow_layout (flow, STYLE_BODY, MM (4), ":"), FLOW_LEFT + MM (20), flow->y);
        flow_put (flow, value, FLOW_LEFT + MM (23), flow->y);
        flow->y += layout_height (value);
    }
    flow->y = (flow->y > bottom ? flow->y : bottom) + GAP;
}

static void
put_addressee (struct flow *flow, const struct letter *letter)
{
    for (size_t i = 0; i < letter->addressee.count; i++) {
        if (!i) {
            char *text = g_strconcat ("Yth. ", letter->addressee.items[i], NULL);
            flow_line (flow, STYLE_BODY, text);
            g_free (text);
        } else {
            flow_line (flow, STYLE_BODY, letter->addressee.items[i]);
        }
    }
    flow->y += GAP;
}

/* One row of cells between rules; the caller made room for its height. */
static void
put_row (struct flow *flow, PangoLayout *cells[COLUMNS], double height, bool first)
{
    double x = FLOW_LEFT, y = flow->y;
    if (first)
        flow_rule (flow, FLOW_LEFT, y, FLOW_RIGHT, y, THIN);
    for (int i = 0; i < COLUMNS; i++) {
        flow_rule (flow, x, y, x, y + height, THIN);
        flow_put (flow, cells[i], x + PAD, y + PAD / 2);
        x += MM (columns[i].width);
    }
    flow_rule (flow, FLOW_RIGHT, y, FLOW_RIGHT, y + height, THIN);
    flow_rule (flow, FLOW_LEFT, y + height, FLOW_RIGHT, y + height, THIN);
    flow->y += height;
}

/* Lays the cells out and returns the row's height. texts NULL: the titles. */
static double
row_layout (struct flow *flow, const char *const *texts, PangoLayout *ret_cells[COLUMNS])
{
    double height = 0;
    for (int i = 0; i < COLUMNS; i++) {
        ret_cells[i] = flow_layout (flow, texts ? columns[i].style : STYLE_HEAD, MM (columns[i].width) - 2 * PAD,
                                    texts ? texts[i] : columns[i].title);
        double cell = layout_height (ret_cells[i]);
        height = cell > height ? cell : height;
    }
    return height + PAD;
}

/* after: points to keep free below the last row. */
static void
put_list (struct flow *flow, const struct letter *letter, double after)
{
    PangoLayout *head[COLUMNS], *cells[COLUMNS];
    double head_height = row_layout (flow, NULL, head);
    for (size_t i = 0; i < letter->row_count; i++) {
        const struct letter_row *row = &letter->rows[i];
        char number[24];
        snprintf (number, sizeof number, "%zu", i + 1);
        const char *texts[COLUMNS] = { number, row->name, row->nik, row->kk, row->address, row->note };
        double height = row_layout (flow, texts, cells);
        bool last = i + 1 == letter->row_count;
        double need = height + (i ? 0 : head_height) + (last ? after : 0);
        if (need + head_height > FLOW_BOTTOM - FLOW_TOP)
            flow->overflow = true;
        if (flow_need (flow, need) || !i)
            put_row (flow, head, head_height, true);
        put_row (flow, cells, height, false);
    }
    flow->y += letter->row_count ? GAP : 0;
}

/* What stands below the text and is never torn apart: signature, parafs, verification, tembusan. */
struct ending {
    PangoLayout *place_date, *jabatan, *name, *pangkat, *nip, *verification, *tembusan_title;
    PangoLayout *parafs[LETTER_PARAF_MAX + 1][3], *tembusan[LETTER_LINES_MAX];
    double paraf_heights[LETTER_PARAF_MAX + 1];
    double room; /* between jabatan and name, for signature and stamp */
    double left, right, height;
};

static const double paraf_widths[3] = { 38, 18, 28 }; /* mm */

static double
ending_parafs (struct flow *flow, const struct letter *letter, struct ending *ending)
{
    static const struct letter_paraf title = { "Paraf hierarki", "Paraf", "Waktu" };
    double height = 0;
    for (size_t i = 0; letter->paraf_count && i <= letter->paraf_count; i++) {
        const struct letter_paraf *paraf = i ? &letter->parafs[i - 1] : &title;
        const char *texts[3] = { paraf->jabatan, paraf->initials, paraf->time };
        double row = i ? MM (7) : 0; /* room for a pen */
        for (int j = 0; j < 3; j++) {
            ending->parafs[i][j] =
                flow_layout (flow, i ? STYLE_SMALL : STYLE_HEAD, MM (paraf_widths[j]) - 2 * PAD, texts[j]);
            double cell = layout_height (ending->parafs[i][j]) + PAD;
            row = cell > row ? cell : row;
        }
        ending->paraf_heights[i] = row;
        height += row;
    }
    return height;
}

static void
ending_layout (struct flow *flow, const struct letter *letter, struct ending *ending)
{
    double width = FLOW_RIGHT - HALF_X, whole = FLOW_RIGHT - FLOW_LEFT;
    char *nip = letter->signer.nip && *letter->signer.nip ? g_strconcat ("NIP. ", letter->signer.nip, NULL) : NULL;
    *ending = (struct ending){ .room = MM (24) };
    ending->place_date = is_titled (letter) ? flow_layout (flow, STYLE_BODY, width, letter->place_date) : NULL;
    ending->jabatan = flow_layout (flow, STYLE_BOLD, width, letter->signer.jabatan);
    ending->name = flow_layout (flow, STYLE_NAME, width, letter->signer.name);
    ending->pangkat = flow_layout (flow, STYLE_BODY, width, letter->signer.pangkat);
    ending->nip = flow_layout (flow, STYLE_BODY, width, nip);
    g_free (nip);
    ending->right = (ending->place_date ? layout_height (ending->place_date) : 0) + layout_height (ending->jabatan) +
                    ending->room + layout_height (ending->name) + layout_height (ending->pangkat) +
                    layout_height (ending->nip);
    ending->left = ending_parafs (flow, letter, ending);
    if (letter->verification && *letter->verification) {
        char *text = g_strconcat ("Kode verifikasi: ", letter->verification, NULL);
        ending->verification = flow_layout (flow, STYLE_SMALL, MM (84), text);
        ending->left += layout_height (ending->verification) + MM (2);
        g_free (text);
    }
    ending->height = GAP + (ending->left > ending->right ? ending->left : ending->right);
    if (!letter->tembusan.count)
        return;
    ending->tembusan_title = flow_layout (flow, STYLE_SMALL, whole, "Tembusan:");
    ending->height += GAP + layout_height (ending->tembusan_title);
    for (size_t i = 0; i < letter->tembusan.count; i++) {
        char *text = g_strdup_printf ("%zu. %s", i + 1, letter->tembusan.items[i] ? letter->tembusan.items[i] : "");
        ending->tembusan[i] = flow_layout (flow, STYLE_SMALL, whole, text);
        ending->height += layout_height (ending->tembusan[i]);
        g_free (text);
    }
}

static double
put_paraf_row (struct flow *flow, PangoLayout *cells[3], double height, double y)
{
    double x = FLOW_LEFT;
    for (int i = 0; i < 3; i++) {
        double right = x + MM (paraf_widths[i]);
        flow_rule (flow, x, y, right, y, THIN);
        flow_rule (flow, x, y + height, right, y + height, THIN);
        flow_rule (flow, x, y, x, y + height, THIN);
        flow_rule (flow, right, y, right, y + height, THIN);
        flow_put (flow, cells[i], x + PAD, y + PAD / 2);
        x = right;
    }
    return y + height;
}

static void
put_ending (struct flow *flow, const struct letter *letter, struct ending *ending)
{
    flow->y += GAP;
    double top = flow->y, y = top;
    if (ending->place_date) {
        flow_put (flow, ending->place_date, HALF_X, y);
        y += layout_height (ending->place_date);
    }
    PangoLayout *signature[] = { ending->jabatan, ending->name, ending->pangkat, ending->nip };
    for (size_t i = 0; i < sizeof signature / sizeof *signature; i++) {
        flow_put (flow, signature[i], HALF_X, y);
        y += layout_height (signature[i]) + (i ? 0 : ending->room);
    }
    y = top;
    for (size_t i = 0; letter->paraf_count && i <= letter->paraf_count; i++)
        y = put_paraf_row (flow, ending->parafs[i], ending->paraf_heights[i], y);
    if (ending->verification)
        flow_put (flow, ending->verification, FLOW_LEFT, y + MM (2));
    flow->y = top + (ending->left > ending->right ? ending->left : ending->right);
    if (!ending->tembusan_title)
        return;
    flow->y += GAP;
    flow_put (flow, ending->tembusan_title, FLOW_LEFT, flow->y);
    flow->y += layout_height (ending->tembusan_title);
    for (size_t i = 0; i < letter->tembusan.count; i++) {
        flow_put (flow, ending->tembusan[i], FLOW_LEFT, flow->y);
        flow->y += layout_height (ending->tembusan[i]);
    }
}

/* The ending keeps company with the last text before it: closing, else the list's last row, else the opening. */
static void
put_body (struct flow *flow, const struct letter *letter)
{
    struct ending ending;
    ending_layout (flow, letter, &ending);
    for (size_t i = 0; i < letter->opening.count; i++) {
        bool last = i + 1 == letter->opening.count && !letter->row_count && !letter->closing.count;
        flow_paragraph (flow, letter->opening.items[i], last ? ending.height + GAP : 0);
        flow->y += MM (2);
    }
    flow->y += MM (1);
    put_list (flow, letter, letter->closing.count ? 0 : ending.height + GAP);
    for (size_t i = 0; i < letter->closing.count; i++) {
        flow_paragraph (flow, letter->closing.items[i], i + 1 == letter->closing.count ? ending.height + GAP : 0);
        flow->y += MM (2);
    }
    put_ending (flow, letter, &ending);
}

static void
put_letter (struct flow *flow, const struct letter *letter)
{
    put_kop (flow, letter);
    if (is_titled (letter)) {
        put_title (flow, letter);
    } else {
        put_head (flow, letter);
        put_addressee (flow, letter);
    }
    put_body (flow, letter);
}

static enum rc
check_text (const char *text, size_t limit, const char *field, struct err *err)
{
    if (text && strnlen (text, limit + 1) > limit)
        return err_code (err, RC_UNPROCESSABLE, "letter.too_long", field, "text longer than %zu bytes", limit);
    return RC_OK;
}

static enum rc
check_texts (struct letter_texts texts, size_t count, size_t limit, const char *field, struct err *err)
{
    if (texts.count > count)
        return err_code (err, RC_UNPROCESSABLE, "letter.too_many", field, "more than %zu entries", count);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < texts.count; i++)
        rc = check_text (texts.items[i], limit, field, err);
    return rc;
}

static enum rc
check_rows (const struct letter *letter, struct err *err)
{
    if (letter->row_count > LETTER_ROWS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "letter.too_many", "/rows", "more than %d rows", LETTER_ROWS_MAX);
    for (size_t i = 0; i < letter->row_count; i++) {
        const struct letter_row *row = &letter->rows[i];
        const char *texts[] = { row->name, row->nik, row->kk, row->address, row->note };
        char field[48];
        snprintf (field, sizeof field, "/rows/%zu", i);
        enum rc rc = check_texts ((struct letter_texts){ texts, 5 }, 5, LETTER_TEXT_MAX, field, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc
check_parafs (const struct letter *letter, struct err *err)
{
    if (letter->paraf_count > LETTER_PARAF_MAX)
        return err_code (err, RC_UNPROCESSABLE, "letter.too_many", "/parafs", "more than %d", LETTER_PARAF_MAX);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < letter->paraf_count; i++) {
        const char *texts[] = { letter->parafs[i].jabatan, letter->parafs[i].initials, letter->parafs[i].time };
        rc = check_texts ((struct letter_texts){ texts, 3 }, 3, LETTER_TEXT_MAX, "/parafs", err);
    }
    return rc;
}

static enum rc
check_letter (const struct letter *letter, struct err *err)
{
    const char *lines[] = { letter->government,  letter->place_date,     letter->number,
                            letter->title,       letter->sifat,          letter->lampiran,
                            letter->hal,         letter->verification,   letter->signer.jabatan,
                            letter->signer.name, letter->signer.pangkat, letter->signer.nip };
    enum { LINES = sizeof lines / sizeof *lines };
    const struct {
        struct letter_texts texts;
        size_t count, limit;
        const char *field;
    } parts[] = {
        { { lines, LINES }, LINES, LETTER_TEXT_MAX, "/head" },
        { letter->dinas, LETTER_LINES_MAX, LETTER_TEXT_MAX, "/dinas" },
        { letter->address, LETTER_LINES_MAX, LETTER_TEXT_MAX, "/address" },
        { letter->addressee, LETTER_LINES_MAX, LETTER_TEXT_MAX, "/addressee" },
        { letter->opening, LETTER_PARAS_MAX, LETTER_PARAGRAPH_MAX, "/opening" },
        { letter->closing, LETTER_PARAS_MAX, LETTER_PARAGRAPH_MAX, "/closing" },
        { letter->tembusan, LETTER_LINES_MAX, LETTER_TEXT_MAX, "/tembusan" },
    };
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof parts / sizeof *parts; i++)
        rc = check_texts (parts[i].texts, parts[i].count, parts[i].limit, parts[i].field, err);
    if (rc == RC_OK)
        rc = check_rows (letter, err);
    if (rc == RC_OK)
        rc = check_parafs (letter, err);
    if (rc == RC_OK && !letter->opening.count && !letter->row_count && !letter->closing.count)
        rc = err_code (err, RC_UNPROCESSABLE, "letter.empty", "/opening", "a letter needs some text");
    return rc;
}

static enum rc
err_overflow (struct err *err)
{
    return err_code (err, RC_UNPROCESSABLE, "letter.does_not_fit", "", "a part is higher than a page");
}

struct output {
    letter_sink sink;
    void *context;
    struct err *err;
    enum rc rc;
};

static cairo_status_t
output_write (void *context, const unsigned char *data, unsigned int size)
{
    struct output *output = context;
    if (output->rc == RC_OK)
        output->rc = output->sink (output->context, data, size, output->err);
    return output->rc == RC_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void
set_metadata (cairo_surface_t *surface, const struct letter *letter)
{
    time_t seconds = (time_t)(letter->date / CLOCK_SECOND);
    struct tm tm;
    char date[32] = "1970-01-01T00:00:00Z";
    if (gmtime_r (&seconds, &tm) && tm.tm_year >= 0 && tm.tm_year < 8100)
        strftime (date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Padan");
    const char *texts[] = { is_titled (letter) ? letter->title : letter->hal,
                            letter->dinas.count ? letter->dinas.items[0] : NULL };
    static const cairo_pdf_metadata_t kinds[] = { CAIRO_PDF_METADATA_TITLE, CAIRO_PDF_METADATA_AUTHOR };
    for (int i = 0; i < 2; i++) {
        char *valid = g_utf8_make_valid (texts[i] ? texts[i] : "", -1); /* cairo refuses other bytes */
        cairo_pdf_surface_set_metadata (surface, kinds[i], valid);
        g_free (valid);
    }
}

enum rc
letter_fits (const struct letter *letter, struct err *err)
{
    enum rc rc = check_letter (letter, err);
    if (rc != RC_OK)
        return rc;
    struct flow flow;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (NULL, NULL, FLOW_WIDTH, FLOW_HEIGHT);
    cairo_t *cairo = cairo_create (surface);
    flow_begin (&flow, cairo);
    put_letter (&flow, letter);
    if (flow.overflow)
        rc = err_overflow (err);
    flow_end (&flow);
    cairo_destroy (cairo);
    cairo_surface_destroy (surface);
    return rc;
}

enum rc
letter_render (const struct letter *letter, letter_sink sink, void *context, struct err *err)
{
    enum rc rc = check_letter (letter, err);
    if (rc != RC_OK)
        return rc;
    struct output output = { sink, context, err, RC_OK };
    struct flow flow;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (output_write, &output, FLOW_WIDTH, FLOW_HEIGHT);
    cairo_t *cairo = cairo_create (surface);
    set_metadata (surface, letter);
    flow_begin (&flow, cairo);
    put_letter (&flow, letter);
    if (flow.overflow)
        rc = err_overflow (err);
    else
        flow_draw (&flow, cairo, number_text (letter));
    flow_end (&flow);
    cairo_destroy (cairo);
    if (rc != RC_OK)
        output.rc = rc; /* no more of a letter that does not fit reaches the sink */
    cairo_surface_finish (surface);
    cairo_status_t status = cairo_surface_status (surface);
    cairo_surface_destroy (surface);
    if (output.rc != RC_OK)
        return output.rc;
    if (status != CAIRO_STATUS_SUCCESS)
        return err_set (err, RC_INTERNAL, "PDF: %s", cairo_status_to_string (status));
    return RC_OK;
}
