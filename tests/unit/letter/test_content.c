#include "tests/unit/letter/letters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static bool
same_hash (const struct letter *a, const struct letter *b)
{
    uint8_t hashes[2][32];
    letter_hash (a, hashes[0]);
    letter_hash (b, hashes[1]);
    return !memcmp (hashes[0], hashes[1], 32);
}

static void
what_signing_adds_is_not_covered (void **state)
{
    struct letter a = test_letter (), b = test_letter ();
    b.number = NULL;
    b.place_date = "Pematangsiantar, 21 November 2026";
    b.date++;
    b.paraf_count = 0;
    b.signer.name = "Plh. lain";
    b.verification = NULL;
    assert_true (same_hash (&a, &b));
}

static void
every_text_and_row_is_covered (void **state)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter a = test_letter ();
    a.rows = list.rows;
    a.row_count = 3;
    const char *other[] = { "lain" };
    struct letter_texts texts = { other, 1 };
    struct letter changed[10];
    for (size_t i = 0; i < 10; i++)
        changed[i] = a;
    changed[0].government = "x";
    changed[1].dinas = texts;
    changed[2].hal = "x";
    changed[3].addressee = texts;
    changed[4].opening = texts;
    changed[5].closing = texts;
    changed[6].tembusan = texts;
    changed[7].row_count = 2;
    changed[8].sifat = "x";
    changed[9].title = "x";
    for (size_t i = 0; i < 10; i++)
        assert_false (same_hash (&a, &changed[i]));
    const char **cells[] = { &list.rows[1].name, &list.rows[1].nik, &list.rows[1].kk, &list.rows[1].address,
                             &list.rows[1].note };
    for (size_t i = 0; i < 5; i++) {
        uint8_t before[32], after[32];
        letter_hash (&a, before);
        const char *kept = *cells[i];
        *cells[i] = "0";
        letter_hash (&a, after);
        *cells[i] = kept;
        assert_memory_not_equal (before, after, 32);
    }
}

static void
moving_text_between_fields_changes_it (void **state)
{
    struct letter_row one = { "AB", "C", "", "", "" }, two = { "A", "BC", "", "", "" };
    struct letter a = test_letter (), b = test_letter ();
    a.rows = &one;
    b.rows = &two;
    a.row_count = b.row_count = 1;
    assert_false (same_hash (&a, &b));
}

static struct letter
longest (void)
{
    static struct test_list list;
    test_list_fill (&list);
    struct letter letter = test_letter ();
    letter.title = "SURAT REKOMENDASI";
    letter.rows = list.rows;
    letter.row_count = 30;
    letter.closing.count = 0;
    return letter;
}

static void
what_was_packed_comes_back (void **state)
{
    struct letter letter = longest (), back;
    struct err err;
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct bytes content = letter_content_pack (&letter, arena);
    assert_int_equal (letter_content_unpack (content, arena, &back, &err), RC_OK);
    assert_true (same_hash (&letter, &back));
    assert_string_equal (back.rows[29].name, letter.rows[29].name);
    assert_string_equal (back.tembusan.items[1], "Arsip");
    assert_null (back.number);
}

static void
nothing_else_is_taken_for_a_letter (void **state)
{
    struct letter letter = longest (), back;
    struct err err;
    ARENA_AUTO struct arena *arena = arena_new (1 << 20), *room = arena_new (1 << 20);
    struct bytes content = letter_content_pack (&letter, arena);
    uint8_t *longer = arena_alloc (arena, content.size + 1), *broken = arena_copy (arena, content.data, content.size);
    memcpy (longer, content.data, content.size);
    for (size_t size = 0; size < content.size; size++) {
        uint8_t *part = malloc (size + 1); /* its end is watched */
        memcpy (part, content.data, size);
        assert_int_equal (letter_content_unpack ((struct bytes){ part, size }, room, &back, &err), RC_CORRUPT);
        free (part);
        arena_reset (room);
    }
    assert_int_equal (letter_content_unpack ((struct bytes){ longer, content.size + 1 }, room, &back, &err),
                      RC_CORRUPT);
    for (size_t i = 0; i < content.size; i++) { /* whatever it makes of it, it stays within */
        broken[i] ^= 0xff;
        arena_reset (room);
        (void)letter_content_unpack ((struct bytes){ broken, content.size }, room, &back, &err);
        broken[i] ^= 0xff;
    }
}

static enum rc
refuse (void *context, const void *data, size_t size, struct err *err)
{
    return err_set (err, RC_BUSY, "full");
}

static void
a_failing_sink_ends_it (void **state)
{
    struct letter letter = test_letter ();
    struct err err;
    assert_int_equal (letter_content (&letter, refuse, NULL, &err), RC_BUSY);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (what_signing_adds_is_not_covered),      cmocka_unit_test (every_text_and_row_is_covered),
        cmocka_unit_test (moving_text_between_fields_changes_it), cmocka_unit_test (what_was_packed_comes_back),
        cmocka_unit_test (nothing_else_is_taken_for_a_letter),    cmocka_unit_test (a_failing_sink_ends_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
