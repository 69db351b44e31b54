/* Refusals of batching: batches and BPJS's replies. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_batching[] = {
    { "batching.no_track", 422,
      "Jalur ini tidak ada dalam profil kantor Anda. Pilih salah satu jalur yang tercantum di profil.",
      "Your office's profile has no such track. Choose one that the profile lists." },
    { "batching.nothing_waiting", 409,
      "Tidak ada permohonan yang menunggu pada jalur ini, sehingga tidak ada yang dapat ditutup. Periksa daftar "
      "tunggu.",
      "No application waits on this track, so there is nothing to close. Look at the waiting list." },
    { "batching.reason_needed", 422,
      "Batch jalur ini belum jatuh pada harinya. Untuk menutupnya lebih awal, isi alasannya.",
      "The day of this track has not come. To close its batch early, give the reason." },
    { "batching.batch_state", 409,
      "Tindakan ini tidak dapat dilakukan pada keadaan batch sekarang. Urutannya: ditutup, berkas ditulis, dikirim ke "
      "BPJS, balasan diimpor, lalu rekonsiliasi. Muat ulang halaman untuk melihat keadaan terakhirnya.",
      "This is not possible in the batch's present state. The order is: closed, file written, sent to BPJS, "
      "replies imported, then reconciled. Load the page again to see the latest state." },
    { "batching.file_missing", 422,
      "Berkas balasan ini tidak ada di penyimpanan, atau ukurannya berbeda. Unggah kembali berkasnya, lalu mulai "
      "impor.",
      "This file of replies is not in the store, or has another size. Upload it again, then start the import." },
    { "batching.channel", 422, "Cara penyampaian ini tidak dikenal. Pilih salah satu: {0}.",
      "This way of sending is not known. Choose one of: {0}." },
    { "batching.no_reconciliation", 409,
      "Prosedur batch ini tidak memuat rekonsiliasi dengan BPJS Kesehatan, sehingga tidak ada yang perlu dicatat.",
      "The procedure of this batch has no reconciliation with BPJS, so there is nothing to record." },
    { "batching.not_reconciler", 403, "Rekonsiliasi batch ini dilakukan oleh {0}. Minta pejabat itu mencatatnya.",
      "This batch is reconciled by {0}. Ask that official to record it." },
    { "batching.not_balanced", 422,
      "Jumlah ini berbeda dari catatan kami. Cari selisihnya bersama BPJS Kesehatan: impor balasan yang belum masuk "
      "atau "
      "minta koreksi, lalu catat kembali.",
      "This count differs from ours. Find the difference with BPJS: import replies that are missing or have theirs "
      "corrected, then record it again." },
    { "batching.archive_missing", 422,
      "Salinan berita acara rekonsiliasi belum ada di penyimpanan. Unggah pindaiannya, lalu sertakan.",
      "The copy of the reconciliation record is not in the store. Upload its scan and name it here." },
    { "batching.reply_unknown", 422, "Orang ini tidak ada dalam batch yang dibalas. Periksa NIK dan nomor batch-nya.",
      "This person is not in the batch that is answered. Check the NIK and which batch it is." },
    { "batching.reply_status", 422, "Status balasan harus TERIMA atau TOLAK. Perbaiki kolom status.",
      "The status of a reply must be TERIMA or TOLAK. Mend the column status." },
    { "batching.reply_card", 422, "Yang diterima harus bernomor kartu 13 angka. Lengkapi kolom no_kartu.",
      "Who is accepted must have a card number of 13 digits. Fill in the column no_kartu." },
    { "batching.reply_reason", 422, "Yang ditolak harus disertai alasan. Lengkapi kolom alasan.",
      "Who is refused must have a reason. Fill in the column alasan." },
    { "batching.reply_double", 422,
      "Orang ini sudah dibalas pada baris lain dalam berkas yang sama. Hapus salah satu barisnya.",
      "This person is answered on another line of the same file. Remove one of the lines." },
    { "batching.reply_contradiction", 422,
      "Balasan ini bertentangan dengan balasan sebelumnya untuk orang yang sama. Pastikan ke BPJS Kesehatan.",
      "This contradicts an earlier answer for the same person. Ask BPJS Kesehatan which one holds." },
    { "batching.card_taken", 422, "Nomor kartu ini sudah milik orang lain. Pastikan ke BPJS Kesehatan.",
      "This card number belongs to somebody else. Ask BPJS Kesehatan." },
    { 0 },
};
