/* Refusals of approval: files and letters. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_approval[] = {
    { "approval.not_your_act", 403,
      "Berkas ini sedang menunggu tindakan {0}. Masuk dengan akun yang memegang peran itu untuk wilayah berkas ini.",
      "This waits for {0}. Sign in with an account that holds that role for this file's area." },
    { "approval.same_person", 403,
      "Tindakan ini harus dilakukan orang lain: Anda sudah mengerjakan tahap \"{0}\" pada berkas ini. Minta pejabat "
      "atau "
      "petugas lain yang berwenang.",
      "Somebody else must do this: you have done \"{0}\" on this file. Ask another officer in charge." },
    { "approval.version_required", 428,
      "Sebutkan versi surat yang Anda baca (If-Match). Buka suratnya, baca, lalu bubuhkan paraf atau tanda tangan.",
      "Name the version you have read (If-Match). Open the letter, read it, then clear or sign it." },
    { "approval.ended", 409, "Permohonan ini sudah ditolak sehingga tidak dapat diproses lagi.",
      "This application was rejected and goes no further." },
    { "approval.signed", 409,
      "Suratnya sudah ditandatangani dan bernomor. Minta pejabat penanda tangan membatalkan surat itu; sesudah itu "
      "berkasnya dapat dikembalikan.",
      "Its letter is signed and numbered. Ask who signs to void the letter; then its files can be returned." },
    { "approval.not_earlier", 422,
      "Tahap tujuan harus tahap yang mendahului tahap sekarang, misalnya \"konsep\" atau \"paraf_kabid\". Kosongkan "
      "untuk "
      "mengembalikan berkas ke kelurahan, atau surat ke penyusunan.",
      "The act to return to must come before the one that waits. Leave it empty to return a file to its sender, or a "
      "letter to drafting." },
    { "approval.letter_unknown", 422,
      "Jenis surat ini tidak ada dalam prosedur kantor untuk jalur permohonan tersebut. Pilih surat yang tersedia.",
      "The office's procedure has no such letter for this track. Choose the one it has." },
    { "approval.file_unknown", 404,
      "Permohonan ini tidak ada di dinas. Periksa kembali daftarnya; bisa jadi belum dikirim oleh kelurahan.",
      "This application is not here. Check the list; it may not have been sent yet." },
    { "approval.file_not_waiting", 409,
      "Permohonan ini tidak sedang menunggu pembuatan surat. Muat ulang daftar, lalu keluarkan dari surat ini.",
      "This application does not wait to be put on a letter. Load the list again and leave it out." },
    { "approval.not_same_track", 422,
      "Satu surat hanya memuat permohonan dari jalur dan prosedur yang sama. Buat surat tersendiri untuk permohonan "
      "ini.",
      "A letter holds applications of one track and procedure. Make another letter for this one." },
    { "approval.twice", 422, "Ada permohonan yang tercantum dua kali. Hapus salah satunya.",
      "An application is listed twice. Remove one." },
    { "approval.too_many_people", 422,
      "Jumlah orang melebihi yang boleh dimuat satu surat. Bagi menjadi beberapa surat.",
      "More people than one letter may hold. Split them over several letters." },
    { "approval.one_per_letter", 422,
      "Prosedur kantor ini meminta satu surat untuk setiap permohonan. Buat suratnya satu per satu.",
      "This office's procedure wants a letter for each application. Make them one by one." },
    { "approval.nobody_left", 422, "Tidak ada orang yang dapat dimuat dalam surat ini. Periksa kembali permohonannya.",
      "There is nobody to put on this letter. Check the applications." },
    { "approval.unprintable", 422,
      "Surat ini tidak dapat dicetak: {0} terlalu panjang. Perbaiki data permohonannya, atau minta administrator "
      "memendekkan teksnya dalam prosedur kantor.",
      "This letter cannot be printed: too long ({0}). Correct the application's data, or ask an administrator to "
      "shorten "
      "the text in the office's procedure." },
    { "approval.content_changed", 409,
      "Isi surat tidak lagi sama dengan yang dibaca dan diparaf. Kembalikan surat ini, lalu buat konsep baru.",
      "The letter would no longer read as it did. Return it and draft it again." },
    { "approval.no_official", 409,
      "Tidak ada pejabat yang tercatat menjabat untuk menandatangani hari ini. Minta administrator memperbarui profil.",
      "Nobody is recorded as in office to sign today. Ask an administrator to update the profile." },
    { "approval.official_unnamed", 409,
      "Nama pejabat penanda tangan belum diisi dalam prosedur kantor. Minta administrator mengisi nama, pangkat, dan "
      "NIP-nya serta menerbitkannya, lalu tanda tangani lagi.",
      "The office's procedure does not name who signs yet. Ask an administrator to fill in name, rank and NIP and to "
      "publish it, then sign again." },
    { "approval.not_sealed", 409,
      "Surat sedang disiapkan menjadi PDF. Tunggu beberapa detik, cetak suratnya, lalu catat penyampaiannya.",
      "The letter is being made into a PDF. Wait a few seconds, print it, then record its delivery." },
    { "approval.act_unknown", 422,
      "Tindakan massal ini tidak dikenal. Gunakan receive, return, reject, clear, sign, deliver, return_letter, atau "
      "void.",
      "No such act. Use receive, return, reject, clear, sign, deliver, return_letter or void." },
    { "approval.not_for_act", 422,
      "Isian ini tidak berlaku untuk tindakan massal tersebut. Kosongkan isian ini; tahap tujuan pengembalian ditulis "
      "di "
      "\"to_act\".",
      "This act takes no such field. Leave it empty; the act to return to goes into \"to_act\"." },
    { 0 },
};
