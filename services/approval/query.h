/* What the queries share. */
#pragma once

#include "common/engine/cursor.h"
#include "services/approval/approval.h"

/* Lines asked for, at most PAGE_MAX; 0 is PAGE_MAX. */
int64_t page_limit (uint32_t limit);
struct db_params *query_params (struct query *query, const struct message *message, bool with_subject);
/* Adds the roles (bits) among the asker's grants in this tenant, and the places they are held at: two arrays. */
void query_roles (struct db_params *params, const struct message *message, unsigned roles, struct arena *arena);
/* The places alone: one array. */
void query_places (struct db_params *params, const struct message *message, unsigned roles, struct arena *arena);
/* RC_NOT_FOUND unless the asker holds one of the roles wherever somebody on the letter lives. Services see all. */
enum rc query_letter_seen (struct query *query, const struct message *message, unsigned roles, struct err *err);
ProtobufCBinaryData bytes_field (struct bytes bytes);
ProtobufCBinaryData id_field (const struct uuid *id); /* empty for nil; borrows */
/* A letter as officers see it, without list and parafs. */
Padan__Approval__V1__LetterView *letter_view (const struct office_letter *letter, struct arena *arena);
