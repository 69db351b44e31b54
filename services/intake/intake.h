/* intake: applications from the counter until they are sent, profiles, imports of proposals. */
#pragma once

#include "common/base/store.h"
#include "common/profiles/profiles.h"
#include "services/intake/application_store.h"

/* Who enters and keeps applications. A grant without a place covers every kelurahan of its tenant. */
enum {
    INTAKE_OFFICERS = 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR,
    INTAKE_IMPORTERS =
        1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_INTEGRATOR | 1 << PADAN__ROLE__ROLE_ADMIN,
    INTAKE_PUBLISHERS = 1 << PADAN__ROLE__ROLE_ADMIN,
    INTAKE_READERS = INTAKE_OFFICERS | 1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS |
                     1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR,
    /* They see whole NIK; the others masks. */
    INTAKE_SEES_NIK =
        INTAKE_OFFICERS | 1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS,
};

struct intake_settings {
    char *store;     /* directory of the content store */
    char *claim_key; /* secret of the claims across tenants; NULL: there are none */
};
extern struct intake_settings intake_settings;
extern struct store *intake_store; /* opened at the start */
extern const struct service intake_service;

/* What gather found for a message about an application. */
struct intake_facts {
    const struct profile *profile; /* it was, or will be, entered under */
    int64_t *niks;                 /* of people the application names now */
    size_t n_niks;
    bool file_stored; /* AttachPaper: its content is in the store with the size said */
    bool file_fits;   /* … and begins as a file of the media type said */
};

/* The facts, with every person the application names now among them (so that their claims are locked); RC_RETRY when it
 * changed since they were gathered. application NULL: only that there are facts. */
enum rc facts_take (const struct message *message, const struct application *application,
                    const struct intake_facts **ret_facts, struct err *err);
/* Frees everybody's claims, or only those of members who do not go on. */
void claims_release (struct unit *unit, const struct application *application, bool all);

/* For EnterApplication: the tenant's current profile. */
gather_fn gather_current_profile;
/* For all that is about one that exists: its profile and people; unknown ids get no facts. */
gather_fn gather_application;
/* The same and whether the paper's file is there and what it says it is. */
gather_fn gather_paper;
/* Subject and the claims of its people, from facts. */
keys_fn keys_application;

/* Same-named statements, one per message. */
decide_fn on_enter_application, on_correct_application, on_attach_paper, on_send_application, on_withdraw_application,
    on_publish_profile, on_start_import, on_import_chunk, on_judged, on_application_returned, on_application_rejected,
    on_application_approved, on_application_finished;
keys_fn on_enter_application_keys, on_correct_application_keys, on_publish_profile_keys, on_start_import_keys,
    on_import_chunk_keys;
gather_fn on_publish_profile_gather, gather_import, gather_import_profile;
struct import;
/* Due work for its next chunk. */
void import_step (struct unit *unit, const struct import *import);
work_fn on_import_work;
query_fn query_get_application, query_list_applications, query_get_profile, query_get_import,
    query_list_import_problems;

/* intake asks its own table for profiles. */
profiles_fetch_fn profiles_from_table;
