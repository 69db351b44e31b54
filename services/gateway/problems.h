/* Every refusal the product can give, in the words residents and officers read.
 *
 * problems_<service>.c belongs to the service: its codes are "<service>.<what>". A text says what is wrong, where, and
 * how to mend it; {0} to {3} stand for the arguments. Each table ends with a row without a code. */
#pragma once

#include "common/http/problem.h"

extern const struct http_problem_row problems_common[]; /* codes any service may use: "common.…" */
extern const struct http_problem_row problems_json[];   /* of the JSON reader: "json.…" */
extern const struct http_problem_row problems_gateway[];
extern const struct http_problem_row problems_accounts[];
extern const struct http_problem_row problems_intake[];
extern const struct http_problem_row problems_validation[];
extern const struct http_problem_row problems_approval[];
extern const struct http_problem_row problems_batching[];
extern const struct http_problem_row problems_distribution[];
extern const struct http_problem_row problems_journal[];

/* All of them in one array, made at the first call and kept; ret_count may be NULL. Before threads start. */
const struct http_problem_row *problems_all (size_t *ret_count);
