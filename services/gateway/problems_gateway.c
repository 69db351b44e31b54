/* Refusals of the gateway itself. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_gateway[] = {
    { "gateway.token_malformed", 401,
      "Token atau kunci pada permintaan ini tidak sah bentuknya. Salin ulang seluruhnya, atau masuk kembali.",
      "The token or key of this request is malformed. Copy it again in full, or sign in again." },
    { "gateway.cross_site", 403,
      "Permintaan ini tidak datang dari halaman Padan sehingga ditolak demi keamanan. Buka Padan langsung lalu ulangi.",
      "This request did not come from a page of Padan and was refused for safety. Open Padan itself and repeat it." },
    { "gateway.too_many_sign_ins", 429,
      "Terlalu banyak percobaan masuk yang gagal dari jaringan ini. Tunggu sebentar, lalu coba lagi.",
      "Too many failed sign-ins from this network. Wait a moment, then try again." },
    { "gateway.tenant_needed", 400,
      "Anda bertugas di beberapa wilayah. Sebutkan wilayahnya dengan header Padan-Tenant atau parameter tenant.",
      "You have roles in several jurisdictions. Name one by the header Padan-Tenant or the parameter tenant." },
    { "gateway.key_missing", 400,
      "Setiap perubahan memerlukan header Idempotency-Key, misalnya sebuah UUID, agar pengulangan tidak berakibat dua "
      "kali.",
      "Every change needs the header Idempotency-Key, such as a UUID, so that a repeat does no harm." },
    { "gateway.key_malformed", 400, "Idempotency-Key hanya boleh 1 sampai 200 karakter ASCII tanpa spasi.",
      "Idempotency-Key takes 1 to 200 ASCII characters without spaces." },
    { "gateway.id_malformed", 400, "Header Padan-Id harus sebuah UUID, sebaiknya versi 7.",
      "The header Padan-Id must be a UUID, version 7 for preference." },
    { "gateway.if_match_missing", 428,
      "Tindakan ini memerlukan header If-Match berisi ETag dari data yang Anda lihat, agar yang Anda setujui persis "
      "yang "
      "Anda baca.",
      "This action needs the header If-Match with the ETag of what you saw, so that you act on exactly what you "
      "read." },
    { "gateway.if_match_malformed", 400, "If-Match harus satu ETag seperti \"5\" atau tanda *.",
      "If-Match must be one ETag such as \"5\", or *." },
    { "gateway.position_malformed", 400,
      "Padan-After harus berisi nilai Padan-Position dari jawaban sebelumnya, misalnya intake:123.",
      "Padan-After must be the Padan-Position of an earlier answer, such as intake:123." },
    { "gateway.parameter_malformed", 400, "Nilai parameter ini tidak sah. Periksa kembali penulisannya.",
      "The value of this parameter is malformed. Check how it is written." },
    { "gateway.body_missing", 400, "Permintaan ini memerlukan isi berupa JSON.", "This request needs a JSON body." },
    { "gateway.body_malformed", 400,
      "Isi permintaan tidak dapat dibaca. Perbaiki bagian-bagian yang disebut lalu kirim kembali.",
      "The body cannot be read. Mend the parts named and send it again." },
    { "gateway.service_away", 503,
      "Bagian yang mengurus ini sedang tidak dapat dihubungi; permintaan Anda belum dikerjakan. Coba lagi sebentar "
      "lagi.",
      "The part that does this cannot be reached; your request was not done. Try again in a moment." },
    { "gateway.outcome_unknown", 504,
      "Jawaban tidak datang pada waktunya, jadi belum diketahui apakah permintaan ini sudah dikerjakan. Ulangi dengan "
      "Idempotency-Key yang sama; tidak akan berakibat dua kali.",
      "No answer came in time, so it is not known whether this was done. Repeat it with the same Idempotency-Key; it "
      "will not be done twice." },
    { "gateway.file_empty", 422, "Berkas yang diunggah kosong. Pilih berkas lain.",
      "The uploaded file is empty. Choose another." },
    { "gateway.media_type", 415,
      "Jenis berkas ini tidak diterima. Unggah PDF, JPEG, PNG, CSV atau teks, XLSX, atau ZIP; jenis dikenali dari "
      "isinya, "
      "bukan dari namanya.",
      "This kind of file is not taken. Upload PDF, JPEG, PNG, CSV or text, XLSX, or ZIP; the content decides, not the "
      "name." },
    { "store.too_large", 413,
      "Berkas ini terlalu besar. Pindai dengan resolusi lebih rendah, atau bagi datanya menjadi beberapa berkas.",
      "This file is too large. Scan it at a lower resolution, or split the data over several files." },
    { "store.full", 503,
      "Penyimpanan berkas sedang penuh, sehingga berkas ini tidak disimpan. Beri tahu pengelola sistem, lalu unggah "
      "lagi "
      "setelah ada ruang.",
      "The file store is full, so this file was not kept. Tell whoever runs the system, and upload it again once there "
      "is room." },
    { "gateway.file_unknown", 422, "Berkas ini belum diunggah. Unggah dahulu melalui /v1/files.",
      "This file has not been uploaded. Upload it through /v1/files first." },
    { "gateway.file_missing", 500,
      "Berkas ini tercatat tetapi tidak ditemukan di penyimpanan. Laporkan kepada pengelola sistem.",
      "This file is on record but not in the store. Tell whoever runs the system." },
    { "gateway.no_such_file", 404,
      "Berkas ini belum ada. Surat baru dapat diunduh setelah ditandatangani; batch setelah ditutup.",
      "There is no such file yet. Letters can be fetched once they are signed, batches once they are closed." },
    { "gateway.import_kind", 422, "Jenis impor harus proposals, poverty, membership, atau replies.",
      "An import is one of proposals, poverty, membership or replies." },
    { "gateway.import_incomplete", 422, "Keterangan impor belum lengkap. Lengkapi bagian yang disebut.",
      "The import is not fully described. Fill in what is named." },
    { "gateway.readers_full", 503, "Terlalu banyak pembaca riwayat langsung saat ini. Coba lagi sebentar lagi.",
      "Too many readers of live events just now. Try again in a moment." },
    { "gateway.readers_many", 429,
      "Anda atau kantor Anda sudah membuka terlalu banyak pembacaan riwayat langsung. Tutup yang tidak dipakai.",
      "You or your office have too many readers of live events open. Close those that are not used." },
    { "gateway.too_many_open", 429,
      "Terlalu banyak permintaan Anda atau kantor Anda yang sedang dikerjakan. Tunggu jawabannya sebelum mengirim "
      "lagi.",
      "Too many requests of yours or your office's are being worked on. Wait for answers before you send more." },
    { "gateway.too_many_searches", 429,
      "Pencarian Anda terlalu banyak dalam waktu singkat. Tunggu sebentar, lalu coba lagi.",
      "You have searched too often in a short time. Wait a moment, then try again." },
    { "gateway.too_much_uploaded", 429,
      "Berkas yang Anda unggah dalam satu jam terakhir terlalu banyak. Lanjutkan setelah waktu yang disebut.",
      "You have uploaded too much within the hour. Go on after the time that is named." },
    { 0 },
};
