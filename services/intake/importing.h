/* One chunk of an import while it is decided: what on_import_chunk.c, import_person.c and import_family.c share. */
#pragma once

#include "services/intake/application_store.h"
#include "services/intake/import_store.h"

typedef Padan__Intake__V1__ImportRow Row;

/* A family the chunk has touched: it is told once, whatever happened to how many. */
struct touched {
    struct application *application;
    bool made;
    ProtobufCBinaryData changed[MEMBER_ROWS_MAX];
    size_t n_changed;
    struct touched *next;
};

struct importing {
    struct unit *unit;
    struct import *import;
    const struct profile *profile;
    int32_t today;
    bool last; /* the file has been read: what was not seen is not in it */
    struct touched *touched;
};

struct uuid import_id_of (ProtobufCBinaryData data); /* nil for an empty field */
/* Why a row cannot be taken. */
struct refusal {
    const char *code;    /* NULL: it can */
    int column;          /* of csv_usulan: where to look */
    const char *held_by; /* the service that has its application; "": none that matters */
};
/* Told to whoever pushed the file, and counted. */
void import_row_refuse (struct importing *self, const Row *row, const struct refusal *refusal);

/* It waits, uncounted, until the whole file has been read. */
void import_row_put_off (struct importing *self, const Row *row);

/* import_person.c: what a row means for its person, by what earlier ones said. RC_RETRY: what was gathered for it has
 * changed since. */
enum rc import_row_take (struct importing *self, const Row *row, struct err *err);

/* import_identity.c. The row that keeps whom this one names; NULL: nobody yet. RC_RETRY as above. */
enum rc import_row_known (struct importing *self, const Row *row, const struct import_row **ret, struct err *err);
/* Of a row that is not known: the one that keeps whom it may be about, under an earlier name. NULL: they are new.
 * Before the file has been read, the row of that name may yet come. */
enum rc import_row_renamed (struct importing *self, const Row *row, const struct import_row **ret, struct err *err);
/* From now on the name stands for them. */
void import_row_rename (struct importing *self, const Row *row, const struct import_row *known);

/* import_family.c. NULL: there is none yet. */
const struct application *family_peek (struct importing *self, struct uuid application_id);
/* Written; made of the row when there is none. */
struct application *family_edit (struct importing *self, const Row *row);
/* It ended because everybody had moved to other applications: another one takes over its KK. */
bool family_is_emptied (const struct application *application);
/* Why its members may not be changed now; NULL they may. */
const char *family_closed (const struct application *application);
/* Whoever else is its head when the row says to be it; NULL nobody. member: the row's own, when in it already;
 * application NULL: it is yet to be made. */
const struct member *family_rival (const struct application *application, const Row *row, const struct member *member);
/* No room for one more beside the others. */
bool family_is_full (const struct application *application, const struct member *member);
/* Removed ones too; NULL none. */
struct member *family_member (const struct application *application, struct uuid member_id);
/* What the row says becomes the member's; their NIK is `nik`. A verdict on other words is void. */
void family_member_write (struct importing *self, struct application *application, struct member *member,
                          const Row *row, int64_t nik);
/* Somebody else is the head now; what they are to them nobody has said. */
void family_head_replace (struct importing *self, struct application *application, struct member *member);
void family_member_remove (struct importing *self, struct application *application, struct member *member);
/* One event each; one that nobody is in any more has ended. */
void families_tell (struct importing *self);
