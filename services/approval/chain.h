/* The chain of acts a profile asks of approval, and what every move along it shares: who may, who must be another
 * person, what waits next and until when, and the event that says so. */
#pragma once

#include "services/approval/approval.h"

/* Where a file that cannot go on goes. */
struct way_back {
    enum file_move move; /* FILE_MOVE_BACK, _RECALL, _VOID, _SEND_BACK, _REJECT */
    int act;             /* that waits then, here or at intake; -1: the first there, or none */
    const char *reason;
};

/* Index of the first act of approval's on a track after `after` (-1: the first), -1: the chain has ended. */
int chain_next (const struct profile *profile, int track, int after);
/* Index of the first act of that kind, ACT_DRAFT or ACT_SIGN, -1 none. */
int chain_find (const struct profile *profile, int track, enum act kind);
/* Move and act that take what waits for act `waits` back to the act of that id. RC_UNPROCESSABLE "approval.not_earlier"
 * when it does not come before, or is none to go back to. */
enum rc chain_back (const struct profile *profile, int track, int waits, const char *to_act, struct way_back *ret_way,
                    struct err *err);
/* When an act that waits since then is due by its standard, 0: it has none. */
int64_t chain_due (const struct profile *profile, int act, int64_t since);
/* The Padan__Role that does an act; 0: one we have no sign-in for. */
Padan__Role chain_role (const struct profile_act *act);

/* Facts of a message about this row, or why there are none: RC_RETRY "common.busy" when the row is newer than what was
 * gathered. */
enum rc facts_take (const struct message *message, const struct approval_facts **ret_facts, struct err *err);

/* Refuses unless the message's person may do `act` on the file and is another than those the profile wants apart from
 * it. letter: the file is on, NULL none. Nobody clears, approves or signs what they entered. */
enum rc chain_allowed (const struct message *message, const struct profile *profile, int act, const struct file *file,
                       const struct office_letter *letter, struct err *err);

/* The file as the command saw it, still held here: RC_NOT_FOUND, RC_CONFLICT "common.held_elsewhere" or
 * "approval.ended", RC_STALE. */
enum rc file_look (struct unit *unit, const struct message *message, const struct file **ret_file, struct err *err);

/* facts_take, and that the file is on the letter and of the dossier it was gathered with: else RC_RETRY. */
enum rc file_facts (const struct message *message, const struct file *file, const struct approval_facts **ret_facts,
                    struct err *err);

/* Carries out a legal move: state, version + 1, and `act` (-1 none) waits from now on. */
void file_go (struct unit *unit, struct file *file, enum file_move move, const struct profile *profile, int act);
/* Says that `done` was done on the file: FileReceived, FileDrafted, FileMoved by its kind. */
void file_say_done (struct unit *unit, const struct file *file, const struct profile *profile, int done);
/* Does an act on a file: the next waits, or it is approved and handed to batching. sent: packed ApplicationSent. */
enum rc file_step (struct unit *unit, struct file *file, enum file_move move, const struct profile *profile, int act,
                   const char *letter_number, struct bytes sent, struct err *err);

/* Takes the file off its letter, but for FILE_MOVE_RECALL. */
void file_leave (struct unit *unit, struct file *file, const struct profile *profile, const struct way_back *way);

/* The letter as the command saw it, with `move` legal and waiting for an act of kind `kind` that the person may do on
 * every file of it. LETTER_MOVE_VOID: who may sign it. Nothing is changed yet. */
enum rc letter_look (struct unit *unit, const struct message *message, enum letter_move move, enum act kind,
                     const struct office_letter **ret_letter, const struct approval_facts **ret_facts, int *ret_act,
                     struct err *err);
/* What is kept of its content is still what its parafs cover: else RC_CONFLICT "approval.content_changed". */
enum rc letter_content_same (const struct office_letter *letter, const struct approval_facts *facts, struct err *err);
/* Every file of its list is on it and in the state that goes with its own. */
enum rc letter_files_fit (struct unit *unit, const struct office_letter *letter, const struct approval_facts *facts,
                          struct err *err);
/* State by the table, version + 1, `act` (-1 none) waits from now on. */
void letter_go (struct unit *unit, struct office_letter *letter, enum letter_move move, const struct profile *profile,
                int act);
/* `act` waits from now on, if it is done on letters; else the files wait one by one. */
void letter_wait (struct unit *unit, struct office_letter *letter, const struct profile *profile, int act);
/* Does the letter's act on all its files. Refuses before it changes anything. */
enum rc letter_step_files (struct unit *unit, const struct office_letter *letter, enum file_move move, int act,
                           const struct approval_facts *facts, struct err *err);
/* Ends a letter by LETTER_MOVE_RETURN or LETTER_MOVE_VOID: its files but `except` go that way. */
void letter_break_up (struct unit *unit, struct office_letter *letter, enum letter_move move, struct uuid except,
                      const struct way_back *way, const struct profile *profile);
/* It waits for way->act, a paraf that was given, again: that one and those after it are void. */
void letter_recall (struct unit *unit, struct office_letter *letter, const struct way_back *way,
                    const struct profile *profile);
void letter_reply (struct unit *unit, const struct office_letter *letter);
void file_reply (struct unit *unit, const struct file *file);

/* "" or too long: RC_UNPROCESSABLE common.required, common.too_long at `field`. */
enum rc text_given (const char *text, size_t limit, const char *field, struct err *err);
/* Clearing and signing bind what was read: RC_UNPROCESSABLE "approval.version_required" without a version. */
enum rc version_given (const struct message *message, struct err *err);
