/* The OpenAPI 3.1 document, made from the route table and the messages' descriptors: it cannot say what is not so.
 * services/gateway/openapi.yaml is its text, held to it by a test. */
#pragma once

#include <stdbool.h>

#include "common/base/text.h"

/* False when the buffer failed. */
bool openapi_write (struct text_buffer *out);
