#include "services/gateway/problems.h"

#include <stdlib.h>

static const struct http_problem_row *const tables[] = {
    problems_common,     problems_json,     problems_gateway,  problems_accounts,     problems_intake,
    problems_validation, problems_approval, problems_batching, problems_distribution, problems_journal,
};

static size_t
rows_count (const struct http_problem_row *table)
{
    size_t count = 0;
    while (table[count].code)
        count++;
    return count;
}

const struct http_problem_row *
problems_all (size_t *ret_count)
{
    static struct http_problem_row *rows;
    static size_t count;
    for (size_t i = 0; !rows && i < sizeof tables / sizeof *tables; i++)
        count += rows_count (tables[i]);
    if (!rows) {
        rows = calloc (count, sizeof *rows);
        MUST (rows);
        struct http_problem_row *at = rows;
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
            for (const struct http_problem_row *row = tables[i]; row->code; row++)
                *at++ = *row;
    }
    if (ret_count)
        *ret_count = count;
    return rows;
}
