/* Refusals of journal: history and search. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_journal[] = {
    { 0 },
};
