#include "common/domain/csv_schema.h"

#include <string.h>

static const struct csv_column usulan[USULAN_END] = {
    [USULAN_PERIOD] = { "periode", { "bulan", "periode_usulan" }, CSV_OPTIONAL, CSV_TEXT },
    [USULAN_SOURCE_ID] = { "sumber_id", { "id_sumber", "id_usulan", "no" }, CSV_OPTIONAL, CSV_TEXT },
    [USULAN_KK] = { "no_kk",
                    { "nomor_kk", "kk", "nokk", "nomor_kartu_keluarga", "no_kartu_keluarga" },
                    CSV_FILLED,
                    CSV_KK },
    [USULAN_NIK] = { "nik",
                     { "nik_kitas_kitap", "no_nik", "nomor_induk_kependudukan", "no_ktp" },
                     CSV_HEADED, /* empty for a newborn */
                     CSV_NIK },
    [USULAN_MOTHER_NIK] = { "nik_ibu", { "nik_ibu_kandung" }, CSV_OPTIONAL, CSV_NIK },
    [USULAN_NAME] = { "nama", { "nama_lengkap", "nama_lgkp", "nama_peserta" }, CSV_FILLED, CSV_NAME },
    [USULAN_RELATION] = { "hubungan",
                          { "status_hubungan_keluarga", "hubungan_keluarga", "hubkel", "shdk" },
                          CSV_FILLED,
                          CSV_RELATION_DTSEN },
    [USULAN_BIRTH_PLACE] = { "tempat_lahir", { "tmpt_lhr", "tmp_lahir" }, CSV_OPTIONAL, CSV_TEXT },
    [USULAN_BIRTH_DATE] = { "tanggal_lahir", { "tgl_lahir", "tgl_lhr", "tgl_lahir_dd_mm_yyyy" }, CSV_FILLED, CSV_DATE },
    [USULAN_SEX] = { "jenis_kelamin",
                     { "jk", "jns_klmin", "jenis_klmin", "jenis_kelamin_l_p", "l_p" },
                     CSV_FILLED,
                     CSV_SEX },
    [USULAN_MARITAL] = { "status_kawin", { "status_perkawinan", "stat_kwn" }, CSV_OPTIONAL, CSV_MARITAL },
    [USULAN_ADDRESS] = { "alamat", { "alamat_tempat_tinggal", "alamat_lengkap", "alamat_ktp" }, CSV_FILLED, CSV_TEXT },
    [USULAN_RT] = { "rt", { "no_rt" }, CSV_OPTIONAL, CSV_RT },
    [USULAN_RW] = { "rw", { "no_rw" }, CSV_OPTIONAL, CSV_RT },
    [USULAN_VILLAGE] = { "kode_kelurahan", { "kode_desa", "kode_kelurahan_desa", "kode_kel" }, CSV_FILLED, CSV_TEXT },
    [USULAN_VILLAGE_NAME] = { "nama_kelurahan",
                              { "kelurahan", "desa_kelurahan", "kelurahan_desa", "nama_desa", "desa", "kel_name" },
                              CSV_OPTIONAL,
                              CSV_TEXT },
    [USULAN_TRACK] = { "jalur", { "jenis_usulan", "jenis_pengajuan" }, CSV_FILLED, CSV_TEXT },
    [USULAN_PHONE] = { "no_telp",
                       { "telepon", "no_hp", "nomor_telepon", "nomor_telepon_peserta" },
                       CSV_OPTIONAL,
                       CSV_TEXT },
    [USULAN_CONDITIONS] = { "keadaan", { "kondisi" }, CSV_OPTIONAL, CSV_TEXT },
};
const struct csv_schema csv_usulan = { "usulan", DATE_DMY, usulan, USULAN_END };

/* NIK, KK and name are in every list of people; as the poverty registry such a list would make all of them poor. */
static const struct csv_column dtsen[DTSEN_END] = {
    [DTSEN_NIK] = { "nomor_induk_kependudukan", { "nik" }, CSV_FILLED, CSV_NIK },
    [DTSEN_KK] = { "nomor_kartu_keluarga", { "no_kk", "nokk", "kk" }, CSV_FILLED, CSV_KK },
    [DTSEN_NAME] = { "nama", { "nama_lengkap" }, CSV_HEADED, CSV_TEXT },
    [DTSEN_BIRTH_DATE] = { "tanggal_lahir", { "tgl_lahir" }, CSV_OPTIONAL, CSV_DATE },
    [DTSEN_SEX] = { "jenis_kelamin", { "jk" }, CSV_OPTIONAL, CSV_SEX },
    [DTSEN_RELATION] = { "status_hubungan_keluarga", { "hubungan_keluarga" }, CSV_OPTIONAL, CSV_RELATION_DTSEN },
    [DTSEN_PBI_NASIONAL] = { "pbi_nas", { "bansos_pbi_jkn" }, CSV_MARK, CSV_BOOL },
    [DTSEN_PBI_PEMDA] = { "pbi_pemda", { NULL }, CSV_MARK, CSV_BOOL },
    [DTSEN_VILLAGE] = { "kode_kelurahan_desa_ktp", { "kode_kelurahan_desa" }, CSV_OPTIONAL, CSV_TEXT },
    [DTSEN_DECILE] = { "desil_nasional", { "desil", "desil_kesejahteraan" }, CSV_MARK, CSV_DECILE },
};
const struct csv_schema csv_dtsen = { "dtsen", DATE_DMY, dtsen, DTSEN_END };

static const struct csv_column dtsen_family[DTSEN_FAMILY_END] = {
    [DTSEN_FAMILY_KK] = { "nomor_kartu_keluarga", { "no_kk", "nokk", "kk" }, CSV_FILLED, CSV_KK },
    [DTSEN_FAMILY_HEAD] = { "nama_kepala_keluarga", { "nama_anggota_keluarga" }, CSV_OPTIONAL, CSV_TEXT },
    [DTSEN_FAMILY_DECILE] = { "desil_nasional", { "desil", "desil_kesejahteraan" }, CSV_HEADED, CSV_DECILE },
    [DTSEN_FAMILY_VILLAGE] = { "kode_kelurahan_desa", { NULL }, CSV_OPTIONAL, CSV_TEXT },
    [DTSEN_FAMILY_ADDRESS] = { "alamat", { NULL }, CSV_OPTIONAL, CSV_TEXT },
    [DTSEN_FAMILY_MEMBERS] = { "jumlah_anggota_keluarga", { NULL }, CSV_OPTIONAL, CSV_INTEGER },
    [DTSEN_FAMILY_PBI_NASIONAL] = { "pbi_nas", { NULL }, CSV_OPTIONAL, CSV_BOOL },
    [DTSEN_FAMILY_PBI_PEMDA] = { "pbi_pemda", { NULL }, CSV_OPTIONAL, CSV_BOOL },
};
const struct csv_schema csv_dtsen_family = { "dtsen_keluarga", DATE_DMY, dtsen_family, DTSEN_FAMILY_END };

static const struct csv_column member[MEMBER_END] = {
    [MEMBER_CARD] = { "nomor_kartu",
                      { "no_kartu", "noka", "no_kartu_bpjs_kesehatan", "no_kartu_bpjs", "sipp_nomor_kartu",
                        "nomor_kartu_bpjs" },
                      CSV_FILLED,
                      CSV_CARD },
    [MEMBER_NIK] = { "nik", { "nik_kitas_kitap", "no_nik" }, CSV_FILLED, CSV_NIK },
    [MEMBER_KK] = { "no_kk", { "nomor_kk", "nokk" }, CSV_OPTIONAL, CSV_KK },
    [MEMBER_NAME] = { "nama", { "nama_lengkap", "nama_peserta", "sipp_nama" }, CSV_OPTIONAL, CSV_TEXT },
    [MEMBER_BIRTH_DATE] = { "tanggal_lahir", { "tgl_lahir" }, CSV_OPTIONAL, CSV_DATE },
    [MEMBER_SEX] = { "jenis_kelamin", { "jk" }, CSV_OPTIONAL, CSV_SEX },
    [MEMBER_SEGMENT] = { "segmen", { "segmen_peserta", "sipp_segmen_peserta", "jenis_peserta" }, CSV_FILLED, CSV_TEXT },
    [MEMBER_STATUS] = { "status",
                        { "status_peserta", "status_kepesertaan", "sipp_status_kepesertaan" },
                        CSV_FILLED,
                        CSV_TEXT },
    [MEMBER_CLASS] = { "kelas", { "kelas_rawat", "sipp_hak_kelas_rawat", "hak_kelas" }, CSV_OPTIONAL, CSV_TEXT },
    [MEMBER_PAYER] = { "pembayar", { "penanggung", "pemda" }, CSV_OPTIONAL, CSV_TEXT },
};
const struct csv_schema csv_member = { "peserta", DATE_DMY, member, MEMBER_END };

static const struct csv_column reply[REPLY_END] = {
    [REPLY_LINE] = { "no", { "nomor", "no_urut" }, CSV_OPTIONAL, CSV_INTEGER },
    [REPLY_NIK] = { "nik", { "nik_kitas_kitap", "no_nik" }, CSV_FILLED, CSV_NIK },
    [REPLY_NAME] = { "nama", { "nama_lengkap", "nama_peserta", "sipp_nama" }, CSV_OPTIONAL, CSV_TEXT },
    [REPLY_CARD] = { "nomor_kartu",
                     { "no_kartu", "noka", "no_kartu_bpjs_kesehatan", "no_kartu_bpjs", "sipp_nomor_kartu" },
                     CSV_HEADED,
                     CSV_CARD },
    [REPLY_STATUS] = { "status", { "hasil", "status_kepesertaan", "sipp_status_kepesertaan" }, CSV_FILLED, CSV_TEXT },
    [REPLY_ACTIVE_FROM] = { "tanggal_aktif", { "tgl_aktif", "tmt_aktif", "tmt" }, CSV_OPTIONAL, CSV_DATE },
    [REPLY_REASON] = { "alasan", { "keterangan", "alasan_penolakan", "ket" }, CSV_OPTIONAL, CSV_TEXT },
};
/* A refused line has no card: the column must be there, its cell may be empty; the reader of replies decides. */
const struct csv_schema csv_reply = { "balasan", DATE_DMY, reply, REPLY_END };

const struct csv_schema *
csv_schema_find (const char *name)
{
    static const struct csv_schema *const all[] = { &csv_usulan, &csv_dtsen, &csv_dtsen_family, &csv_member,
                                                    &csv_reply };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp (all[i]->name, name))
            return all[i];
    return NULL;
}
