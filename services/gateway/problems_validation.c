/* Refusals of validation: registries and verdicts. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_validation[] = {
    { "validation.registry", 422,
      "Jenis data pembanding tidak dikenal. Pilih \"poverty\" (DTSEN/DTKS) atau \"membership\" (peserta BPJS).",
      "There is no such registry. Choose \"poverty\" (DTSEN) or \"membership\" (members of BPJS)." },
    { "validation.file", 422,
      "Berkas belum diunggah atau kosong. Unggah berkas CSV-nya terlebih dahulu, lalu sebutkan sidik SHA-256-nya. "
      "Berkas "
      "keluarga hanya untuk data DTSEN.",
      "The file is missing or empty. Upload the CSV first and name its SHA-256. A file of families only goes with "
      "DTSEN." },
    { "validation.period", 422, "Periode harus berupa tahun dan bulan, misalnya 2026-11.",
      "The period is a year and a month, for example 2026-11." },
    { "validation.period_ahead", 422, "Periode paling jauh bulan depan. Periksa tahun dan bulannya.",
      "The period is next month at the latest. Check its year and month." },
    { "validation.ended", 409, "Permohonan ini sudah berakhir sehingga tidak diperiksa lagi.",
      "This application has ended and is not checked any more." },
    { 0 },
};
