/* Refusals of batching: batches and BPJS's replies. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_batching[] = {
    { 0 },
};
