/* Letters for the tests of the letter layer. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "common/letter/letter.h"

enum { TEST_ROWS = 200 };

struct test_list {
    struct letter_row rows[TEST_ROWS];
    char texts[TEST_ROWS][3][40];
};

static inline void
test_list_fill (struct test_list *list)
{
    for (int i = 0; i < TEST_ROWS; i++) {
        snprintf (list->texts[i][0], sizeof list->texts[i][0], "Rupina Sihotan %04d", i + 1);
        snprintf (list->texts[i][1], sizeof list->texts[i][1], "127201410190%04d", i + 1);
        snprintf (list->texts[i][2], sizeof list->texts[i][2], "127201050510%04d", i / 3 + 1);
        list->rows[i] = (struct letter_row){ list->texts[i][0], list->texts[i][1], list->texts[i][2],
                                             "Jl. Melati No. 5 RT 001 RW 002", i % 2 ? "baru" : "pengalihan" };
    }
}

static const struct letter_paraf test_parafs[] = { { "Kepala Bidang Sosial", "RS", "18-11-2026 09.12" },
                                                   { "Sekretaris Dinas", NULL, NULL } };

static inline struct letter
test_letter (void)
{
    static const char *const dinas[] = { "DINAS SOSIAL PEMBERDAYAAN PEREMPUAN", "DAN PERLINDUNGAN ANAK" };
    static const char *const address[] = { "Jalan Dahlia Nomor 9, Pematangsiantar 21111" };
    static const char *const addressee[] = { "Kepala BPJS Kesehatan Cabang Pematangsiantar", "di Pematangsiantar" };
    static const char *const opening[] = {
        "Berdasarkan hasil verifikasi berkas permohonan dan pemadanan data kependudukan, bersama ini kami sampaikan "
        "rekomendasi kepesertaan JKN-KIS yang iurannya dibayar oleh Pemerintah Kota Pematangsiantar atas nama:"
    };
    static const char *const closing[] = {
        "Kami mohon nama-nama tersebut dapat didaftarkan sebagai peserta PBPU dan BP Pemerintah Daerah kelas III "
        "sesuai ketentuan yang berlaku.",
        "Demikian disampaikan, atas kerja sama yang baik diucapkan terima kasih. PENUTUPAKHIR"
    };
    static const char *const tembusan[] = { "Wali Kota Pematangsiantar (sebagai laporan)", "Arsip" };
    return (struct letter){ .government = "PEMERINTAH KOTA PEMATANGSIANTAR",
                            .dinas = { dinas, 2 },
                            .address = { address, 1 },
                            .place_date = "Pematangsiantar, 20 November 2026",
                            .date = 1795132800000000,
                            .number = "400.9.11/123/DINSOS/2026",
                            .sifat = "Biasa",
                            .lampiran = "1 (satu) berkas",
                            .hal = "Rekomendasi Kepesertaan JKN-KIS",
                            .addressee = { addressee, 2 },
                            .opening = { opening, 1 },
                            .closing = { closing, 2 },
                            .signer = { "KEPALA DINAS SOSIAL", "Dra. Tiolina Rupang, M.Si", "Pembina Utama Muda (IV/c)",
                                        "190001011990031001" },
                            .parafs = test_parafs,
                            .paraf_count = 2,
                            .tembusan = { tembusan, 2 },
                            .verification = "K7QM-2F9T" };
}
