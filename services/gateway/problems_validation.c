/* Refusals of validation: registries and verdicts. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_validation[] = {
    { 0 },
};
