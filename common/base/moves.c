#include "common/base/moves.h"

static const char *
state_word (const struct moves *moves, int state)
{
    return moves->states[state][0] ? moves->states[state] : "[*]";
}

/* All acts that lead from one state to the other, on one arrow. */
static void
arrow_draw (const struct moves *moves, int from, int to, struct text_buffer *out)
{
    const char *between = "";
    for (int act = 0; act < moves->n_acts; act++) {
        if (moves->to[from * moves->n_acts + act] != to + 1)
            continue;
        if (!*between)
            text_printf (out, "    %s --> %s: ", state_word (moves, from), state_word (moves, to));
        text_printf (out, "%s%s", between, moves->acts[act]);
        between = ", ";
    }
    if (*between)
        text_add_char (out, '\n');
}

/* Nothing leads away from it. */
static bool
is_end (const struct moves *moves, int state)
{
    for (int act = 0; act < moves->n_acts; act++)
        if (moves->to[state * moves->n_acts + act] && moves->to[state * moves->n_acts + act] != state + 1)
            return false;
    return true;
}

static void
table_draw (const struct moves *moves, struct text_buffer *out)
{
    text_printf (out, "\n## %s\n\n```mermaid\nstateDiagram-v2\n", moves->name);
    if (moves->states[0][0])
        text_printf (out, "    [*] --> %s\n", moves->states[0]);
    for (int from = 0; from < moves->n_states; from++) {
        for (int to = 0; to < moves->n_states; to++)
            arrow_draw (moves, from, to, out);
        if (is_end (moves, from))
            text_printf (out, "    %s --> [*]\n", moves->states[from]);
    }
    text_add_string (out, "```\n");
}

void
moves_page (const char *service, const struct moves *const *tables, struct text_buffer *out)
{
    text_printf (out,
                 "# Legal moves of %s\n\n"
                 "Drawn from the tables that decide: `cmake --build --preset dev --target moves`. Not to be edited.\n",
                 service);
    for (; *tables; tables++)
        table_draw (*tables, out);
}
