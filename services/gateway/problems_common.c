/* Refusals any service may give. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_common[] = {
    { "common.not_found", 404,
      "Data yang diminta tidak ditemukan. Periksa kembali nomor atau tautannya; bisa jadi data itu milik wilayah lain.",
      "What was asked for is not there. Check the number or link; it may belong to another jurisdiction." },
    { "common.held_elsewhere", 409,
      "Berkas ini sudah tidak berada di sini sehingga tidak dapat diubah dari layar ini. Buka riwayat permohonan untuk "
      "melihat siapa yang memegangnya sekarang.",
      "This file is no longer held here, so it cannot be changed from here. Open the application's history to see who "
      "holds it now." },
    { "common.stale", 412,
      "Data ini sudah diubah orang lain sejak Anda membukanya. Muat ulang, periksa perubahannya, lalu ulangi tindakan "
      "Anda.",
      "Somebody has changed this since you opened it. Load it again, look at the change, then repeat your action." },
    { "common.not_allowed_now", 409,
      "Tindakan ini tidak dapat dilakukan pada keadaan berkas sekarang. Muat ulang halaman untuk melihat keadaan "
      "terakhirnya.",
      "This action is not possible in the present state. Load the page again to see the latest state." },
    { "common.exists", 409,
      "Data dengan nomor itu sudah ada. Muat ulang daftar; jika memang data baru, kirim dengan nomor lain.",
      "There is already something with that id. Load the list again; if yours is new, send it with another id." },
    { "common.unauthenticated", 401, "Anda belum masuk atau sesi Anda sudah berakhir. Silakan masuk kembali.",
      "You are not signed in, or your session has ended. Please sign in again." },
    { "common.forbidden", 403,
      "Peran Anda tidak berwenang melakukan ini di wilayah ini. Hubungi admin kantor jika peran Anda seharusnya "
      "mencakupnya.",
      "Your role may not do this here. Ask your office's administrator if it should." },
    { "common.key_reused", 422,
      "Idempotency-Key ini sudah dipakai untuk permintaan dengan isi lain. Gunakan kunci baru untuk permintaan baru.",
      "This Idempotency-Key was used for a request with another content. Use a new key for a new request." },
    { "common.busy", 503, "Layanan sedang penuh dan permintaan Anda belum dikerjakan. Coba lagi sebentar lagi.",
      "The service is full and your request was not done. Try again in a moment." },
    { "common.not_seen_yet", 503,
      "Perubahan terakhir Anda sedang dalam perjalanan ke daftar ini. Coba lagi sebentar lagi.",
      "Your last change is still on its way to this list. Try again in a moment." },
    { "common.expired", 504,
      "Permintaan ini melewati batas waktunya sebelum dikerjakan. Ulangi dengan Idempotency-Key yang sama.",
      "The time of this request ran out before it was decided. Repeat it with the same Idempotency-Key." },
    { "common.required", 422, "Bagian ini wajib diisi.", "This field must be filled in." },
    { "common.invalid", 422, "Isian ini tidak sah. Periksa kembali penulisannya.",
      "This value is not valid. Check how it is written." },
    { "common.too_long", 422, "Isian ini terlalu panjang. Singkatkan isinya.", "This value is too long. Shorten it." },
    { "common.too_many", 422, "Jumlah butirnya terlalu banyak dalam satu permintaan. Bagi menjadi beberapa permintaan.",
      "Too many items in one request. Split them over several requests." },
    { "common.cursor_malformed", 400, "Penanda halaman tidak sah. Mulai lagi dari halaman pertama daftar ini.",
      "The cursor is not valid. Start again from the first page of this list." },
    { 0 },
};
