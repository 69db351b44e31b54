/* Refusals of distribution: cards. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_distribution[] = {
    { "distribution.card_state", 409,
      "Tindakan ini tidak dapat dilakukan pada keadaan kartu sekarang. Urutannya: diterima kantor, diserahkan kepada "
      "pengantar, lalu sampai atau gagal. Muat ulang daftar kartu untuk melihat keadaan terakhirnya.",
      "This is not possible in the card's present state. The order is: received at the office, handed to a courier, "
      "then "
      "delivered or failed. Load the list of cards again to see the latest state." },
    { "distribution.no_courier", 422,
      "Orang ini bukan pengantar kartu untuk kelurahan tujuan. Pilih pengantar yang wilayahnya mencakup kelurahan itu.",
      "This person may not carry cards to that kelurahan. Choose a courier whose place covers it." },
    { "distribution.not_courier", 403,
      "Kartu ini diserahkan kepada pengantar lain. Hanya pengantarnya atau operator yang dapat mencatat hasilnya.",
      "This card was handed to another courier. Only that courier or the operator can record what became of it." },
    { "distribution.proof_needed", 422,
      "Kantor Anda meminta bukti serah terima. Unggah foto atau tanda tangan penerima, lalu sertakan.",
      "Your office asks for proof of delivery. Upload a photo or the receiver's signature and name it here." },
    { "distribution.proof_missing", 422,
      "Bukti serah terima ini tidak ada di penyimpanan. Unggah kembali foto atau tanda tangannya.",
      "This proof of delivery is not in the store. Upload the photo or signature again." },
    { "distribution.proof_content", 422,
      "Bukti serah terima harus berupa PDF, JPEG atau PNG. Unggah foto atau pindaian tanda tangan penerima.",
      "A proof of delivery must be a PDF, JPEG or PNG. Upload the photo, or a scan of the receiver's signature." },
    { "distribution.no_act", 422, "Tindakan massal pada kartu hanya receive atau hand. Perbaiki isian act.",
      "Many cards at once can only be received or handed over: act is receive or hand." },
    { 0 },
};
