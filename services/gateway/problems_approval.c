/* Refusals of approval: files and letters. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_approval[] = {
    { 0 },
};
