#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/domain/name.h"

static void
test_normal_form (void **state)
{
    (void)state;
    static const struct {
        const char *name, *normal;
    } cases[] = {
        { "H. MOH. ALI, S.Pd", "MUHAMMAD ALI" },
        { "Hj. Siti  Aminah", "SITI AMINAH" },
        { "DRS.H.ACHMAD YANI,M.Si", "AHMAD YANI" },
        { "M. Rizky", "MUHAMMAD RIZKY" },
        { "ABD. RAHMAN BIN UMAR", "ABDUL RAHMAN" },
        { "ST. AISYAH", "SITI AISYAH" },
        { "NUR'AINI", "NURAINI" },
        { "BUDI SANTOSO SE", "BUDI SANTOSO" },
        { "ALM. SUPARMAN", "SUPARMAN" },
        { "Jos\xc3\xa9 Silaban", "JOSE SILABAN" },
        { "DJAROT", "DJAROT" },
        { "NANJAR", "NANJAR" },
        { "I WAYAN SUDIRA", "I WAYAN SUDIRA" },
        { "SUHARTO", "SUHARTO" },
        { "M", "M" },
        { "H", "H" },
        { "", "" },
    };
    char normal[NAME_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        name_normalise (cases[i].name, normal, sizeof normal);
        assert_string_equal (normal, cases[i].normal);
    }
}

static void
test_likeness (void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int least, most;
    } cases[] = {
        { "H. MOH. ALI, S.Pd", "MUHAMMAD ALI", 100, 100 },
        { "SRI WAHYUNI", "SRIWAHYUNI", 93, 99 },
        { "RIZKY", "RIZKI", 85, 99 },
        { "SULAIMAN", "SULAEMAN", 85, 99 },
        { "DJAROT SAEFUL", "JAROT SAIFUL", 85, 99 },
        { "SOEKARNO", "SUKARNO", 85, 99 },
        { "ALI MUHAMMAD", "MUHAMMAD ALI", 85, 95 },
        { "M NUR HASAN", "MUHAMMAD NURHASAN", 80, 99 },
        { "A RAHMAN", "ABDUL RAHMAN", 80, 89 },
        { "BUDI SANTOSO", "BUDI SANTOSA", 85, 99 },
        { "AISYAH BINTI UMAR", "AISYAH", 100, 100 },
        /* guards */
        { "BUDI SANTOSO", "BUDI SETIAWAN", 0, 69 },
        { "BUDI", "RUDI", 0, 69 },
        { "MUHAMMAD ALI", "MUHAMMAD ADI", 0, 69 },
        { "SITI AMINAH", "SITI AISYAH", 0, 69 },
        { "TIGOR SIMANJUNTAK", "TIGOR SIMATUPANG", 0, 69 },
        { "I WAYAN SUDIRA", "I MADE SUDIRA", 0, 84 },
        { "NANJAR", "NANDAR", 0, 89 },
        { "AHMAD BIN UMAR", "AHMAD BIN SALEH", 0, 69 },
        { "", "BUDI", 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int score = name_compare (cases[i].a, cases[i].b);
        if (score < cases[i].least || score > cases[i].most)
            fail_msg ("%s / %s: %d", cases[i].a, cases[i].b, score);
        assert_int_equal (score, name_compare (cases[i].b, cases[i].a));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_normal_form), cmocka_unit_test (test_likeness) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
