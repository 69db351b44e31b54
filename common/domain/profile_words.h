/* The small vocabularies profiles are written in: what code knows how to do. A profile combines them; a new office
 * never needs a new word unless it does something no office did before. Office terms stay Indonesian. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One row a word: (CONSTANT, "word", "how officers read it"). */
#define PROFILE_ROLES(X)                                                                                               \
    X (PEMOHON, "pemohon", "Pemohon")                                                                                  \
    X (KELURAHAN, "petugas_kelurahan", "Petugas Kelurahan")                                                            \
    X (LAYANAN, "petugas_layanan", "Petugas Layanan")                                                                  \
    X (OPERATOR, "operator", "Operator")                                                                               \
    X (FUNGSIONAL, "jabatan_fungsional", "Jabatan Fungsional")                                                         \
    X (KORPEL, "korpel", "Koordinator Pelayanan")                                                                      \
    X (KASI, "kasi", "Kepala Seksi")                                                                                   \
    X (KABID, "kabid", "Kepala Bidang")                                                                                \
    X (SEKDIS, "sekdis", "Sekretaris Dinas")                                                                           \
    X (KADIS, "kadis", "Kepala Dinas")                                                                                 \
    X (CAMAT, "camat", "Camat")                                                                                        \
    X (LURAH, "lurah", "Lurah / Kepala Desa")                                                                          \
    X (TKSK, "tksk", "TKSK")                                                                                           \
    X (PSM, "psm", "PSM")                                                                                              \
    X (PKH, "pkh", "Pendamping PKH")                                                                                   \
    X (FASILITATOR, "fasilitator", "Fasilitator")                                                                      \
    X (BPJS, "bpjs", "BPJS Kesehatan")

#define PROFILE_ACTS(X)                                                                                                \
    X (APPLY, "apply", "ajukan")                                                                                       \
    X (ENTER, "enter", "input permohonan")                                                                             \
    X (CHECK, "check", "periksa kelengkapan")                                                                          \
    X (VERIFY, "verify", "verifikasi")                                                                                 \
    X (SEND, "send", "kirim")                                                                                          \
    X (RECEIVE, "receive", "terima")                                                                                   \
    X (SORT, "sort", "pilah")                                                                                          \
    X (DISPOSISI, "disposisi", "disposisi")                                                                            \
    X (SITE_CHECK, "site_check", "survei lapangan")                                                                    \
    X (APPROVE, "approve", "setujui")                                                                                  \
    X (DRAFT, "draft", "buat surat")                                                                                   \
    X (PARAF, "paraf", "paraf")                                                                                        \
    X (SIGN, "sign", "tanda tangan")                                                                                   \
    X (DELIVER, "deliver", "sampaikan ke BPJS")                                                                        \
    X (HAND, "hand", "serahkan kepada pemohon")                                                                        \
    X (CARRY, "carry", "pemohon membawa ke BPJS")                                                                      \
    X (ARCHIVE, "archive", "arsipkan")                                                                                 \
    X (ACTIVATE, "activate", "aktifkan kepesertaan")                                                                   \
    X (ISSUE, "issue", "terbitkan kartu")                                                                              \
    X (RECONCILE, "reconcile", "rekonsiliasi")                                                                         \
    X (DISTRIBUTE, "distribute", "antar kartu")

#define PROFILE_STAGES(X)                                                                                              \
    X (APPLIED, "applied", "diajukan")                                                                                 \
    X (CHECKED, "checked", "diperiksa")                                                                                \
    X (APPROVED, "approved", "disetujui")                                                                              \
    X (SENT, "sent", "dikirim")                                                                                        \
    X (ACTIVE, "active", "aktif")                                                                                      \
    X (CARD, "card", "kartu diterima")                                                                                 \
    X (ENDED, "ended", "selesai")

#define PROFILE_CHANNELS(X)                                                                                            \
    X (APP, "app", "aplikasi")                                                                                         \
    X (COUNTER, "counter", "loket")                                                                                    \
    X (PAPER, "paper", "berkas kertas")                                                                                \
    X (FILE, "file", "berkas data")                                                                                    \
    X (LETTER, "letter", "surat")                                                                                      \
    X (SHEET, "online_sheet", "lembar daring BPJS")                                                                    \
    X (SIKS_NG, "siks_ng", "SIKS-NG")                                                                                  \
    X (VISIT, "visit", "kunjungan")

/* What an application is for. */
#define PROFILE_PURPOSES(X)                                                                                            \
    X (NEW, "new", "pendaftaran baru")                                                                                 \
    X (TRANSFER, "transfer", "pengalihan dari Mandiri")                                                                \
    X (REGULAR, "regular", "reguler")                                                                                  \
    X (EMERGENCY, "emergency", "darurat")                                                                              \
    X (REACTIVATION, "reactivation", "pengaktifan kembali")                                                            \
    X (INACTIVE, "inactive", "peserta nonaktif")                                                                       \
    X (CLASS_3, "class_3", "integrasi Mandiri kelas 3")                                                                \
    X (ADDITION, "addition", "tambahan anggota keluarga")                                                              \
    X (DEATH, "death", "pengurangan karena meninggal")                                                                 \
    X (MOVE, "move", "pindah atau ganda")

/* Facts about a person or family that papers, rules and priority may depend on. */
#define PROFILE_CONDITIONS(X)                                                                                          \
    X (ADULT, "adult", "dewasa (wajib KTP)")                                                                           \
    X (CHILD, "child", "belum wajib KTP")                                                                              \
    X (NEWBORN, "newborn", "bayi baru lahir")                                                                          \
    X (REGISTERED, "registered", "terdaftar DTKS/DTSEN")                                                               \
    X (UNREGISTERED, "unregistered", "tidak terdaftar DTKS/DTSEN")                                                     \
    X (FAMILY_MEMBER, "family_member", "keluarganya sudah peserta")                                                    \
    X (PREGNANT, "pregnant", "ibu hamil")                                                                              \
    X (ILL, "ill", "sakit kronis")                                                                                     \
    X (DISABLED, "disabled", "penyandang disabilitas")                                                                 \
    X (EMERGENCY, "emergency", "gawat darurat")                                                                        \
    X (POOR, "poor", "miskin")

#define PROFILE_CHECKS(X)                                                                                              \
    X (NIK, "nik", "susunan NIK")                                                                                      \
    X (KK, "kk", "susunan nomor KK")                                                                                   \
    X (DUKCAPIL, "dukcapil", "padan Dukcapil")                                                                         \
    X (REGISTRY, "registry", "DTKS/DTSEN")                                                                             \
    X (MEMBERSHIP, "membership", "kepesertaan BPJS")                                                                   \
    X (DOUBLE, "double", "pengajuan ganda")

#define PROFILE_CONSEQUENCES(X)                                                                                        \
    X (PASS, "pass", "lolos")                                                                                          \
    X (WARN, "warn", "peringatan")                                                                                     \
    X (RETURN, "return", "kembalikan")                                                                                 \
    X (SITE_CHECK, "site_check", "survei lapangan")                                                                    \
    X (BLOCK, "block", "tolak")

#define PROFILE_LETTERS(X)                                                                                             \
    X (RECOMMENDATION, "recommendation", "surat rekomendasi")                                                          \
    X (COVER, "cover", "surat pengantar")                                                                              \
    X (REACTIVATION, "reactivation", "surat pengaktifan kembali")                                                      \
    X (DECREE, "decree", "keputusan")

#define PROFILE_SCOPES(X)                                                                                              \
    X (PERSON, "person", "per orang")                                                                                  \
    X (FAMILY, "family", "per keluarga")                                                                               \
    X (LIST, "list", "per daftar")

#define PROFILE_SCHEDULES(X)                                                                                           \
    X (AT_ONCE, "at_once", "seketika")                                                                                 \
    X (WORKING_DAY, "every_working_day", "setiap hari kerja")                                                          \
    X (MONTHLY, "monthly", "bulanan")

#define PROFILE_UNITS(X)                                                                                               \
    X (WORKING_MINUTES, "working_minutes", "menit kerja")                                                              \
    X (WORKING_DAYS, "working_days", "hari kerja")                                                                     \
    X (DAYS, "days", "hari")                                                                                           \
    X (MONTHS, "months", "bulan")

#define PROFILE_LEVELS(X)                                                                                              \
    X (NATIONAL, "national", "APBN")                                                                                   \
    X (PROVINCE, "province", "APBD provinsi")                                                                          \
    X (LOCAL, "local", "APBD kabupaten/kota")

#define PROFILE_QUOTAS(X)                                                                                              \
    X (FLOW, "flow", "per bulan")                                                                                      \
    X (FUNDED, "funded", "jumlah yang dibiayai")

#define PROFILE_CARDS(X)                                                                                               \
    X (HOME, "home", "diantar ke rumah")                                                                               \
    X (FETCH, "fetch", "diambil pemohon")                                                                              \
    X (NEWS, "news", "diberitahukan, tanpa kartu")

#define PROFILE_ENUM(type, prefix, list)            enum type { list (PROFILE_X_##prefix) prefix##_END }
#define PROFILE_X_ROLE(constant, word, text)        ROLE_##constant,
#define PROFILE_X_ACT(constant, word, text)         ACT_##constant,
#define PROFILE_X_STAGE(constant, word, text)       STAGE_##constant,
#define PROFILE_X_CHANNEL(constant, word, text)     CHANNEL_##constant,
#define PROFILE_X_PURPOSE(constant, word, text)     PURPOSE_##constant,
#define PROFILE_X_CONDITION(constant, word, text)   CONDITION_##constant,
#define PROFILE_X_CHECK(constant, word, text)       CHECK_##constant,
#define PROFILE_X_CONSEQUENCE(constant, word, text) CONSEQUENCE_##constant,
#define PROFILE_X_LETTER(constant, word, text)      LETTER_##constant,
#define PROFILE_X_SCOPE(constant, word, text)       SCOPE_##constant,
#define PROFILE_X_SCHEDULE(constant, word, text)    SCHEDULE_##constant,
#define PROFILE_X_UNIT(constant, word, text)        UNIT_##constant,
#define PROFILE_X_LEVEL(constant, word, text)       LEVEL_##constant,
#define PROFILE_X_QUOTA(constant, word, text)       QUOTA_##constant,
#define PROFILE_X_CARD(constant, word, text)        CARD_##constant,

PROFILE_ENUM (role, ROLE, PROFILE_ROLES);
PROFILE_ENUM (act, ACT, PROFILE_ACTS);
PROFILE_ENUM (stage, STAGE, PROFILE_STAGES);
PROFILE_ENUM (channel, CHANNEL, PROFILE_CHANNELS);
PROFILE_ENUM (purpose, PURPOSE, PROFILE_PURPOSES);
PROFILE_ENUM (condition, CONDITION, PROFILE_CONDITIONS);
PROFILE_ENUM (check, CHECK, PROFILE_CHECKS);
PROFILE_ENUM (consequence, CONSEQUENCE, PROFILE_CONSEQUENCES);
PROFILE_ENUM (letter_kind, LETTER, PROFILE_LETTERS);
PROFILE_ENUM (scope, SCOPE, PROFILE_SCOPES);
PROFILE_ENUM (schedule, SCHEDULE, PROFILE_SCHEDULES);
PROFILE_ENUM (time_unit, UNIT, PROFILE_UNITS);
PROFILE_ENUM (payer_level, LEVEL, PROFILE_LEVELS);
PROFILE_ENUM (quota_kind, QUOTA, PROFILE_QUOTAS);
PROFILE_ENUM (card_means, CARD, PROFILE_CARDS);

/* A vocabulary: word and how officers read it, by constant. */
struct words {
    const char *kind; /* "role": for messages */
    const char *const *words;
    const char *const *texts;
    int count;
};
extern const struct words words_roles, words_acts, words_stages, words_channels, words_purposes, words_conditions,
    words_checks, words_consequences, words_letters, words_scopes, words_schedules, words_units, words_levels,
    words_quotas, words_cards;

bool words_find (const struct words *words, const char *word, int *ret_value);
/* The word of a constant, and its Indonesian text; "?" beyond the end. */
const char *words_word (const struct words *words, int value);
const char *words_text (const struct words *words, int value);

/* What a check may find; the outcomes a profile's rules speak of. Dukcapil's are those of dukcapil_result_name. */
const char *const *check_outcomes (enum check check, size_t *ret_count);
int check_outcome (enum check check, const char *outcome); /* its index, -1 if the check has no such outcome */

/* Edits (insert, delete, replace, swap of neighbours) from a to b; more than limit is limit + 1. */
unsigned words_distance (const char *a, const char *b, unsigned limit);
/* The one of `words` near enough to be what was meant, NULL if none is. */
const char *words_nearest (const char *text, const char *const *words, size_t count);
