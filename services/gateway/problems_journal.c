/* Refusals of journal: history and search. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_journal[] = {
    { "journal.search_short", 422,
      "Kata pencarian terlalu pendek. Ketik sedikitnya dua huruf nama, nomor tiket, atau 16 angka NIK atau KK.",
      "The search is too short. Type at least two letters of a name, a ticket, or the 16 digits of a NIK or KK." },
    { "journal.search_mistyped", 422,
      "Nomor ini salah ketik. Tiket terdiri atas 4 angka dan 10 huruf atau angka, misalnya 1272-7K3M6-F4HTN; NIK dan "
      "KK "
      "terdiri atas 16 angka. Periksa lagi tiap hurufnya.",
      "This number is mistyped. A ticket has 4 digits and 10 letters or digits, for example 1272-7K3M6-F4HTN; a NIK or "
      "KK has 16 digits. Check each symbol." },
    { "journal.version_conflict", 409,
      "Dua kejadian berbeda mengaku sebagai langkah yang sama dari satu berkas. Hubungi pengelola sistem: riwayat "
      "berkas "
      "ini ditahan sampai diperiksa.",
      "Two different events claim the same step of one file. Tell whoever runs the system: its history is held until "
      "it "
      "is examined." },
    { 0 },
};
