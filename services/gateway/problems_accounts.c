/* Refusals of accounts: people, sessions and keys. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_accounts[] = {
    { 0 },
};
