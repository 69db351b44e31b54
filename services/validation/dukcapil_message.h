/* The JSON of Dukcapil's service. Pure. */
#pragma once

#include "services/validation/dukcapil_client.h"

/* The body of a question in the arena. RC_INTERNAL without memory. */
enum rc dukcapil_message_write (const struct dukcapil_settings *settings, const struct dukcapil_question *question,
                                struct arena *arena, struct bytes *ret_body, struct err *err);
/* Reads an answer into question->pairs. False: not that JSON. *ret_quota: quotaLimiter, -1 not said. */
bool dukcapil_message_read (struct bytes body, struct dukcapil_question *question, struct arena *arena,
                            int64_t *ret_quota);
