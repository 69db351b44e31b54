/* What routes of their own have in common with the generic one. */
#pragma once

#include "services/gateway/ask.h"

/* Every change needs a key of at most ENVELOPE_KEY_MAX visible characters. False: refused. */
bool handle_key (struct ask *ask);

/* Own routes. */
http_handler sign_in_handle, sign_out_handle, session_handle;
http_handler key_make_handle;
http_handler import_handle;
http_handler events_handle;
http_handler openapi_handle;
http_handler upload_handle;
extern const struct http_upload upload;

/* Files that answers name. */
route_file_find letter_pdf, letter_preview, batch_lines, batch_manifest, batch_archive, card_proof, intake_paper,
    file_paper;
