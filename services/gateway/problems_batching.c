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
      "BPJS, lalu balasan diimpor. Muat ulang halaman untuk melihat keadaan terakhirnya.",
      "This is not possible in the batch's present state. The order is: closed, file written, sent to BPJS, then "
      "replies "
      "imported. Load the page again to see the latest state." },
    { 0 },
};
