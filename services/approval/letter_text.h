/* A letter as it is printed, made from its profile, what was sent with its applications, and its row. */
#pragma once

#include "common/letter/letter.h"
#include "services/approval/approval.h"

/* All that a paraf covers, in the arena: the rest of *ret_letter is zero. RC_CORRUPT when a dossier does not unpack,
 * RC_UNPROCESSABLE "approval.nobody_left" without people, "approval.too_many_people" past what a letter holds. */
enum rc letter_text_content (const struct profile *profile, int letter_index, const struct listed *list, size_t n,
                             struct arena *arena, struct letter *ret_letter, uint32_t *ret_people, struct err *err);
/* The letter that the facts' list makes: its content, their hash and the people on it, into the facts. */
enum rc letter_text_draft (struct approval_facts *facts, int letter_index, struct arena *arena, struct err *err);
/* What drafting does not fix: number, place and date, parafs, who signs. An unsigned one is dated `now`. */
void letter_text_finish (const struct profile *profile, int letter_index, const struct office_letter *row, int64_t now,
                         struct arena *arena, struct letter *letter);

/* Before a number is taken: the letter as it would be printed with that row. whole false: of its list only the last
 * person, who keeps company with the signature; enough once the whole was printable. RC_UNPROCESSABLE
 * "approval.unprintable" names the part. */
enum rc letter_text_fits (const struct profile *profile, int letter_index, struct bytes content,
                          const struct office_letter *row, int64_t now, bool whole, struct arena *arena,
                          struct err *err);
/* "Plt. KEPALA DINAS …", in the arena. */
const char *official_title (const struct profile_official *official, struct arena *arena);

/* A letter's list in order, with what was sent with each application or without. */
enum rc facts_list (struct gather *gather, int64_t tenant, struct uuid letter_id, bool sent, struct listed **ret_list,
                    size_t *ret_n, struct err *err);
/* What a letter says, canonical; untouched when nothing was kept. */
enum rc facts_content (struct gather *gather, int64_t tenant, struct uuid letter_id, struct bytes *ret_content,
                       struct err *err);
/* Renders the letter as it stands into the content store, from the content its parafs cover. */
enum rc letter_pdf_store (struct gather *gather, int64_t tenant, struct uuid letter_id, uint8_t ret_sha256[static 32],
                          uint64_t *ret_size, struct err *err);
