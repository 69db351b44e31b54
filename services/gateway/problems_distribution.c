/* Refusals of distribution: cards. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_distribution[] = {
    { 0 },
};
