/* Acts that may be asked for many at once: each is one of our commands, decided for one target. */
#pragma once

#include "services/approval/approval.h"

struct bulk_act {
    const char *name;
    const ProtobufCMessageDescriptor *type;
    decide_fn *decide;
    keys_fn *keys;
    gather_fn *gather;
    const struct table *table; /* of its targets */
    bool wants_reason, wants_receiver;
};

/* What ActOnMany, BulkDue and the commands have in common, each in a field of its name. */
extern const char *const bulk_texts[]; /* ends with NULL */
/* The field of that name in a message, NULL when its type has none. */
char **bulk_text (const ProtobufCMessage *message, const char *name);

const struct bulk_act *bulk_act_find (const char *name); /* NULL: none */

/* message->facts of a target: the command it stands for. */
struct bulk_facts {
    const struct bulk_act *act;
    struct message command; /* its own facts are gathered by act->gather */
};
/* From the payload of a target's due work. RC_CORRUPT when it is none of ours. */
enum rc bulk_facts_make (const struct message *message, struct arena *arena, struct bulk_facts **ret_facts,
                         struct err *err);
