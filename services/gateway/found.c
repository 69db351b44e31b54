/* Files that answers name: only who may see the answer gets them. */
#include <string.h>

#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/scan.h"
#include "common/base/text.h"
#include "distribution.pb-c.h"
#include "intake.pb-c.h"
#include "services/gateway/handle.h"

static bool
digest_is (ProtobufCBinaryData digest)
{
    return digest.len == STORE_DIGEST;
}

bool
letter_pdf (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Approval__V1__LetterView *letter = (const Padan__Approval__V1__LetterView *)answer;
    *ret_file = (struct route_file){ letter->pdf_sha256.data, -1, "application/pdf", true, "" };
    snprintf (ret_file->name, sizeof ret_file->name, "surat-%s.pdf", http_param (request, "letter_id"));
    return digest_is (letter->pdf_sha256);
}

bool
letter_preview (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Approval__V1__LetterPreview *letter = (const Padan__Approval__V1__LetterPreview *)answer;
    *ret_file = (struct route_file){ letter->pdf_sha256.data, letter->size, "application/pdf", true, "" };
    snprintf (ret_file->name, sizeof ret_file->name, "draf-%s.pdf", http_param (request, "letter_id"));
    return digest_is (letter->pdf_sha256);
}

bool
batch_lines (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Batching__V1__BatchView *batch = (const Padan__Batching__V1__BatchView *)answer;
    *ret_file = (struct route_file){ batch->file_sha256.data, -1, "text/csv; charset=utf-8", true, "" };
    snprintf (ret_file->name, sizeof ret_file->name, "batch-%s.csv", http_param (request, "batch_id"));
    return digest_is (batch->file_sha256);
}

bool
batch_manifest (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Batching__V1__BatchView *batch = (const Padan__Batching__V1__BatchView *)answer;
    *ret_file = (struct route_file){ batch->manifest_sha256.data, -1, "application/json", false, "" };
    snprintf (ret_file->name, sizeof ret_file->name, "manifest-%s.json", http_param (request, "batch_id"));
    return digest_is (batch->manifest_sha256);
}

bool
batch_archive (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Batching__V1__BatchView *batch = (const Padan__Batching__V1__BatchView *)answer;
    *ret_file = (struct route_file){ batch->archive_sha256.data, -1, "application/octet-stream", "" };
    snprintf (ret_file->name, sizeof ret_file->name, "rekonsiliasi-%s", http_param (request, "batch_id"));
    return digest_is (batch->archive_sha256);
}

bool
card_proof (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    const Padan__Distribution__V1__CardView *card = (const Padan__Distribution__V1__CardView *)answer;
    *ret_file = (struct route_file){ card->proof_sha256.data, -1, "application/octet-stream", "" };
    snprintf (ret_file->name, sizeof ret_file->name, "bukti-%s", http_param (request, "card_id"));
    return digest_is (card->proof_sha256);
}

/* Only what a scanner makes is shown as what it says it is. */
static bool
paper_find (const struct http_request *request, const Padan__Common__V1__Dossier *dossier, struct route_file *ret_file)
{
    const char *text = http_param (request, "file_sha256");
    uint8_t digest[STORE_DIGEST];
    if (!dossier || !text || !hex_decode (text, strlen (text), digest, sizeof digest))
        return false;
    for (size_t i = 0; i < dossier->n_papers; i++) {
        const Padan__Common__V1__Paper *paper = dossier->papers[i];
        if (!digest_is (paper->file_sha256) || memcmp (paper->file_sha256.data, digest, sizeof digest) != 0)
            continue;
        const struct scan *scan = scan_of_type (paper->media_type);
        *ret_file = (struct route_file){ paper->file_sha256.data, -1,
                                         scan ? scan->media_type : "application/octet-stream", true, "" };
        snprintf (ret_file->name, sizeof ret_file->name, "berkas-%.8s.%s", text, scan ? scan->ending : "bin");
        return true;
    }
    return false;
}

bool
intake_paper (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    return paper_find (request, ((const Padan__Intake__V1__ApplicationView *)answer)->dossier, ret_file);
}

bool
file_paper (const struct http_request *request, const ProtobufCMessage *answer, struct route_file *ret_file)
{
    return paper_find (request, ((const Padan__Approval__V1__FileView *)answer)->dossier, ret_file);
}
