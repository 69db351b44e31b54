/* The files an import can be. Column positions are the enums; names, aliases and kinds are in csv_schema.c. */
#pragma once

#include "common/domain/csv.h"

/* Proposals as kelurahan push them from the office's own application: relations and marital status as DTSEN codes them,
 * a newborn without NIK under the mother's. */
enum {
    USULAN_PERIOD,
    USULAN_SOURCE_ID,
    USULAN_KK,
    USULAN_NIK,
    USULAN_MOTHER_NIK,
    USULAN_NAME,
    USULAN_RELATION, /* DTSEN */
    USULAN_BIRTH_PLACE,
    USULAN_BIRTH_DATE,
    USULAN_SEX,
    USULAN_MARITAL, /* DTSEN */
    USULAN_ADDRESS,
    USULAN_RT,
    USULAN_RW,
    USULAN_VILLAGE, /* Kemendagri code */
    USULAN_VILLAGE_NAME,
    USULAN_TRACK,
    USULAN_PHONE,
    USULAN_CONDITIONS, /* the profile's words, separated by spaces */
    USULAN_END,
};

/* DTSEN delivery 2026 (domain 3.3): persons and families. */
enum {
    DTSEN_NIK,
    DTSEN_KK,
    DTSEN_NAME,
    DTSEN_BIRTH_DATE,
    DTSEN_SEX,
    DTSEN_RELATION,
    DTSEN_PBI_NASIONAL,
    DTSEN_PBI_PEMDA,
    DTSEN_VILLAGE,
    DTSEN_DECILE, /* of the family; not in the person file itself, some offices join it in */
    DTSEN_END,
};
enum {
    DTSEN_FAMILY_KK,
    DTSEN_FAMILY_HEAD,
    DTSEN_FAMILY_DECILE,
    DTSEN_FAMILY_VILLAGE,
    DTSEN_FAMILY_ADDRESS,
    DTSEN_FAMILY_MEMBERS,
    DTSEN_FAMILY_PBI_NASIONAL,
    DTSEN_FAMILY_PBI_PEMDA,
    DTSEN_FAMILY_END,
};

/* Members of BPJS Kesehatan (domain 4.4, 4.5): segment and status stay text, their lists are open. */
enum {
    MEMBER_CARD,
    MEMBER_NIK,
    MEMBER_KK,
    MEMBER_NAME,
    MEMBER_BIRTH_DATE,
    MEMBER_SEX,
    MEMBER_SEGMENT,
    MEMBER_STATUS,
    MEMBER_CLASS,
    MEMBER_PAYER,
    MEMBER_END,
};

/* BPJS's answer to a batch: accepted with a card number or refused with a reason. */
enum {
    REPLY_LINE,
    REPLY_NIK,
    REPLY_NAME,
    REPLY_CARD,
    REPLY_STATUS,
    REPLY_ACTIVE_FROM,
    REPLY_REASON,
    REPLY_END,
};

extern const struct csv_schema csv_usulan, csv_dtsen, csv_dtsen_family, csv_member, csv_reply;
const struct csv_schema *csv_schema_find (const char *name); /* "usulan" "dtsen" "dtsen_keluarga" "peserta" "balasan" */
