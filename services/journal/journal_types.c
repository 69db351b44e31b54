#include "services/journal/journal_types.h"

#include <string.h>

#include "accounts.pb-c.h"
#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "distribution.pb-c.h"
#include "intake.pb-c.h"
#include "validation.pb-c.h"

#define INTAKE(NAME)       &padan__intake__v1__##NAME##__descriptor
#define VALIDATION(NAME)   &padan__validation__v1__##NAME##__descriptor
#define APPROVAL(NAME)     &padan__approval__v1__##NAME##__descriptor
#define BATCHING(NAME)     &padan__batching__v1__##NAME##__descriptor
#define DISTRIBUTION(NAME) &padan__distribution__v1__##NAME##__descriptor
#define ACCOUNTS(NAME)     &padan__accounts__v1__##NAME##__descriptor

/* clang-format off */
const struct event_type event_types[] = {
    /* intake */
    { INTAKE (application_entered), "application", "entered", "intake", "kelengkapan berkas dan pemeriksaan data",
      .code = "dossier.track", .text = "Permohonan dicatat, jalur {1}.", .people = PEOPLE_ARE },
    { INTAKE (application_corrected), "application", NULL, "intake", "kelengkapan berkas dan pemeriksaan data",
      .code = "dossier.track", .text = "Data permohonan diperbaiki.", .people = PEOPLE_ARE },
    { INTAKE (paper_attached), "application", NULL, "intake", "kelengkapan berkas dan pemeriksaan data",
      .code = "paper.kind", .text = "Berkas {1} dilampirkan." },
    { INTAKE (application_sent), "application", "sent", "approval", "penerimaan berkas oleh dinas",
      .code = "dossier.track", .text = "Permohonan dikirim ke dinas.", .people = PEOPLE_GO, .outcome = "excluded" },
    { INTAKE (application_withdrawn), "application", "withdrawn", "", "",
      .detail = "reason", .text = "Permohonan dibatalkan: {0}.", .people = PEOPLE_ALL, .outcome = "withdrawn" },
    { INTAKE (profile_published), "profile", "published",
      .detail = "version", .text = "Prosedur kantor versi {0} diterbitkan." },
    { INTAKE (import_finished), "import", "finished", .order = ORDER_LOG,
      .code = "progress.state", .detail = "progress.rows", .text = "Impor usulan selesai ({1}), {0} baris dibaca." },
    /* validation */
    { VALIDATION (judged), "application", .order = ORDER_AFTER,
      .code = "verdicts.verdict", .text = "Pemeriksaan data selesai, hasil terberat: {1}." },
    { VALIDATION (registry_switched), "import", "switched", .order = ORDER_LOG,
      .code = "registry", .detail = "rows", .text = "Data rujukan {1} diperbarui, {0} baris." },
    { VALIDATION (import_finished), "import", "finished", .order = ORDER_LOG,
      .code = "progress.state", .detail = "progress.rows", .text = "Pemuatan data rujukan selesai ({1}), {0} baris dibaca." },
    /* approval */
    { APPROVAL (file_received), "application", "received", "approval", "langkah berikutnya di dinas",
      .code = "act", .text = "Berkas diterima dinas ({1})." },
    { APPROVAL (file_drafted), "application", "drafted", "approval", "paraf dan tanda tangan surat",
      .code = "act", .text = "Konsep surat dibuat ({1})." },
    { APPROVAL (file_moved), "application", "signing", "approval", "langkah berikutnya atas surat",
      .code = "act", .text = "Surat maju satu langkah ({1})." },
    { APPROVAL (file_returned), "application", "received", "approval", "langkah yang diulang di dinas",
      .detail = "reason", .text = "Berkas dikembalikan ke langkah sebelumnya: {0}." },
    { APPROVAL (application_returned), "application", "returned", "intake", "perbaikan oleh kelurahan",
      .detail = "reason", .text = "Permohonan dikembalikan untuk diperbaiki: {0}." },
    { APPROVAL (application_rejected), "application", "rejected", "", "",
      .detail = "reason", .text = "Permohonan ditolak: {0}.", .people = PEOPLE_ALL, .outcome = "rejected" },
    { APPROVAL (application_approved), "application", "approved", "batching", "pengusulan ke BPJS Kesehatan",
      .detail = "letter_number", .text = "Permohonan disetujui dengan surat nomor {0}." },
    { APPROVAL (letter_drafted), "letter", "drafted", "approval", "paraf",
      .detail = "people", .text = "Konsep surat untuk {0} orang dibuat." },
    { APPROVAL (letter_cleared), "letter", "cleared", "approval", "paraf berikutnya atau tanda tangan",
      .code = "role", .text = "Surat diparaf ({1})." },
    { APPROVAL (letter_signed), "letter", "signed", "approval", "penyerahan surat",
      .detail = "number", .text = "Surat ditandatangani dengan nomor {0}." },
    { APPROVAL (letter_sealed), "letter", "sealed", "approval", "penyerahan surat",
      .text = "Surat akhir dibuat sebagai PDF." },
    { APPROVAL (letter_delivered), "letter", "delivered", "", "",
      .detail = "to", .text = "Surat diserahkan kepada {0}." },
    { APPROVAL (letter_returned), "letter", "returned", "", "",
      .detail = "reason", .text = "Surat dikembalikan ke penyusunan, semua paraf batal: {0}." },
    { APPROVAL (letter_voided), "letter", "void", "", "",
      .detail = "reason", .text = "Surat yang sudah bernomor dibatalkan, nomornya tidak dipakai lagi: {0}." },
    { APPROVAL (letter_recalled), "letter", "drafted", "approval", "paraf",
      .detail = "reason", .text = "Surat dikembalikan ke paraf sebelumnya: {0}." },
    /* batching */
    { BATCHING (application_queued), "application", "queued", "batching", "jadwal pengiriman ke BPJS Kesehatan",
      .code = "track", .detail = "people", .text = "{0} orang masuk daftar tunggu pengiriman, jalur {1}." },
    { BATCHING (application_batched), "application", "batched", "batching", "penyerahan berkas ke BPJS Kesehatan",
      .detail = "people", .text = "{0} orang masuk berkas usulan ke BPJS Kesehatan." },
    { BATCHING (application_forwarded), "application", "forwarded", "batching", "jawaban BPJS Kesehatan",
      .text = "Berkas usulan diserahkan ke BPJS Kesehatan." },
    { BATCHING (member_accepted), "application",
      .text = "Satu orang diterima BPJS Kesehatan.", .people = PEOPLE_ONE, .outcome = "accepted" },
    { BATCHING (member_refused), "application",
      .detail = "reason", .text = "Satu orang ditolak BPJS Kesehatan: {0}.", .people = PEOPLE_ONE,
      .outcome = "refused" },
    { BATCHING (application_finished), "application", "finished", "", "",
      .detail = "accepted", .text = "Semua orang sudah mendapat jawaban, {0} diterima." },
    { BATCHING (batch_closed), "batch", "closed", "batching", "penulisan berkas",
      .code = "track", .detail = "number", .text = "Batch {0} ditutup, jalur {1}." },
    { BATCHING (batch_written), "batch", "written", "batching", "pengiriman ke BPJS Kesehatan",
      .text = "Berkas batch ditulis beserta manifesnya." },
    { BATCHING (batch_sent), "batch", "sent", "batching", "jawaban BPJS Kesehatan",
      .detail = "channel", .text = "Berkas batch dikirim ke BPJS Kesehatan lewat {0}." },
    { BATCHING (batch_answered), "batch", "answered", "", "",
      .detail = "accepted", .text = "Semua baris batch sudah dijawab, {0} diterima." },
    { BATCHING (reconciliation_due), "batch", "answered", "batching", "rekonsiliasi dengan BPJS Kesehatan",
      .text = "Batch menunggu rekonsiliasi dengan BPJS Kesehatan." },
    { BATCHING (batch_reconciled), "batch", "reconciled", "", "",
      .detail = "accepted", .text = "Batch cocok dengan pembukuan BPJS Kesehatan, {0} diterima; salinannya diarsipkan." },
    { BATCHING (import_finished), "import", "finished", .order = ORDER_LOG,
      .code = "progress.state", .detail = "progress.rows", .text = "Impor jawaban BPJS selesai ({1}), {0} baris dibaca." },
    /* distribution */
    { DISTRIBUTION (card_expected), "card", "expected", "distribution", "kartu dari BPJS Kesehatan",
      .text = "Kartu ditunggu dari BPJS Kesehatan." },
    { DISTRIBUTION (card_received), "card", "received", "distribution", "pengantaran",
      .text = "Kartu diterima dari BPJS Kesehatan." },
    { DISTRIBUTION (card_handed), "card", "handed", "distribution", "penyerahan kepada warga",
      .text = "Kartu diserahkan kepada pengantar." },
    { DISTRIBUTION (card_delivered), "card", "delivered", "", "",
      .detail = "relation", .text = "Kartu diterima di rumah ({0})." },
    { DISTRIBUTION (card_failed), "card", "failed", "distribution", "pengantaran ulang",
      .detail = "reason", .text = "Kartu belum dapat diserahkan: {0}." },
    /* accounts */
    { ACCOUNTS (tenant_added), "tenant", "active",
      .text = "Wilayah didaftarkan." },
    { ACCOUNTS (person_added), "person", "active",
      .text = "Pengguna ditambahkan." },
    { ACCOUNTS (grants_changed), "person",
      .text = "Wewenang pengguna diubah." },
    { ACCOUNTS (person_disabled), "person", "disabled",
      .text = "Pengguna dinonaktifkan." },
    { ACCOUNTS (session_started), "person",
      .text = "Sesi dimulai." },
    { ACCOUNTS (session_ended), "person",
      .code = "reason", .text = "Sesi diakhiri." },
    { 0 },
};
/* clang-format on */

const struct event_type *
event_type_find (const char *name)
{
    for (const struct event_type *row = event_types; row->type; row++)
        if (strcmp (row->type->name, name) == 0)
            return row;
    return NULL;
}
