/* Refusals of intake: applications, papers, imports and profiles. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_intake[] = {
    { 0 },
};
