/* Every event of every service as the journal sees it: one row a type, looked up by name. What is public is said here:
 * constants of the row, and fields named in it that must look like a code. */
#pragma once

#include <stdbool.h>
#include <protobuf-c/protobuf-c.h>

/* When an event may take its number. */
enum event_order {
    ORDER_VERSION, /* it made its subject's next version, and waits for the one before */
    ORDER_AFTER,   /* it speaks of a version without making one, and waits for that */
    ORDER_LOG,     /* its subject never leaves one log, whose order is enough; versions may have gaps */
};

/* What it does to the count of people. */
enum event_people {
    PEOPLE_SAME,
    PEOPLE_ARE, /* the dossier has all of them */
    PEOPLE_GO,  /* the dossier has those who go on; the others stay behind */
    PEOPLE_ONE, /* one has this outcome */
    PEOPLE_ALL, /* all that are left have it */
};

struct event_type {
    const ProtobufCMessageDescriptor *type;
    const char *kind;      /* of the subject */
    const char *state;     /* of the subject afterwards; NULL: as it was */
    const char *holder;    /* of the subject afterwards; NULL: as it was; "": nobody, it has ended */
    const char *waits_for; /* with a holder: what it waits for there, Bahasa Indonesia; a field next_act says better */
    const char *code;      /* field (dotted path) with a reason or outcome code: public if it looks like one */
    const char *detail;    /* field for officers: {0} of the text; another one would make `padan audit verify` find what
                              was written before changed */
    const char *text;      /* Bahasa Indonesia; {0} detail, {1} code */
    enum event_order order;
    enum event_people people;
    const char *outcome; /* of these people */
};

extern const struct event_type event_types[]; /* ends with a NULL type */
/* NULL: a type newer than this program; it is placed all the same. */
const struct event_type *event_type_find (const char *name);
