/* What may be wrong with a JSON body, field by field. */
#include "services/gateway/problems.h"

const struct http_problem_row problems_json[] = {
    { "json.syntax", 400, "Isi permintaan bukan JSON yang sah; kesalahan mulai pada bita ke-{0}.",
      "The body is not valid JSON; the mistake begins at byte {0}." },
    { "json.trailing", 400, "Ada sisa teks setelah akhir JSON, mulai pada bita ke-{0}. Hapus sisanya.",
      "There is text after the end of the JSON, from byte {0}. Remove it." },
    { "json.bad_text", 400, "Teks pada bita ke-{0} bukan UTF-8 yang sah atau memuat karakter NUL.",
      "The text at byte {0} is not valid UTF-8, or holds a NUL." },
    { "json.too_deep", 400, "JSON bersarang terlalu dalam; paling banyak {0} tingkat.",
      "The JSON is nested too deeply; at most {0} levels." },
    { "json.too_large", 400, "Isi permintaan terlalu besar. Bagi menjadi beberapa permintaan.",
      "The content is too large. Split it over several requests." },
    { "json.wrong_type", 400, "Jenis isian ini keliru; seharusnya {0}.",
      "This field has the wrong type; expected {0}." },
    { "json.bad_value", 400, "Isian ini tidak sah; seharusnya berupa {0}.", "This value is not valid; expected {0}." },
    { "json.out_of_range", 400, "Angka ini di luar batas; antara {0} dan {1}.",
      "This number is out of range; between {0} and {1}." },
    { "json.unknown_field", 400, "Isian ini tidak dikenal. Mungkin maksudnya \"{0}\"; jika tidak, hapus.",
      "This field is not known. Perhaps \"{0}\" was meant; otherwise remove it." },
    { "json.duplicate_field", 400, "Isian ini diberikan dua kali. Sisakan satu.",
      "This field is given twice. Keep one." },
    { "json.one_of", 400, "Hanya satu dari pilihan ini boleh diisi; \"{0}\" sudah diisi.",
      "Only one of these choices may be given; \"{0}\" already is." },
    { 0 },
};
