/* What an import can be, and what each kind must say: for the handler and for the document. */
#pragma once

#include "gateway.pb-c.h"

struct ask;

enum { IMPORT_KINDS = 4, IMPORT_NEEDS = 3 };

struct import_kind {
    const char *name;
    const char *needs[IMPORT_NEEDS]; /* fields of NewImport beside kind and file_sha256; NULL-terminated unless full */
    void (*start) (struct ask *ask, const Padan__Gateway__V1__NewImport *body, int64_t size);
};
extern const struct import_kind import_kinds[IMPORT_KINDS];
