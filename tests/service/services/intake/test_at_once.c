/* Officers at once, on two instances of intake; and transactions that the database undoes. Whatever meets: each command
 * is done once or refused, and nothing is half done. */
#include <pthread.h>

#include "tests/service/services/intake/office.h"

enum { RIVALS = 8, ROUNDS = 5, TRIES = 2 };

static struct office office;
static struct fleet_person second; /* another officer of the same kelurahan */

static int
open_office (void **state)
{
    office_open (&office);
    fleet_start (office.fleet, "intake", 1);
    second = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    office_publish (&office);
    return 0;
}

static int
close_office (void **state)
{
    office_close (&office);
    return 0;
}

/* One command given by one officer, on a thread of its own. */
struct rival {
    pthread_t thread;
    const struct fleet_person *person;
    struct uuid subject;
    int64_t version;
    const void *command;
    unsigned number;
    Padan__Outcome outcome;
    char code[64];
};
static pthread_barrier_t ready;

static void *
rival_run (void *self)
{
    struct rival *rival = self;
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "saing-%u", rival->number);
    pthread_barrier_wait (&ready);
    rival->outcome = PADAN__OUTCOME__OUTCOME_INTERNAL;
    if (fleet_command (office.fleet, "intake", rival->person, TENANT, rival->subject, rival->version, key,
                       rival->command, CALL_MS, arena, &reply, &err) != RC_OK)
        snprintf (rival->code, sizeof rival->code, "%s", rc_name (err.rc));
    else {
        rival->outcome = reply->outcome;
        snprintf (rival->code, sizeof rival->code, "%s", reply->problem ? reply->problem->code : "");
    }
    return NULL;
}

/* How many were done; all others must have been refused with the code. */
static size_t
rivals_race (struct rival *rivals, size_t n, const char *code)
{
    static unsigned number;
    size_t done = 0;
    pthread_barrier_init (&ready, NULL, (unsigned)n);
    for (size_t i = 0; i < n; i++) {
        rivals[i].number = number++;
        assert_int_equal (pthread_create (&rivals[i].thread, NULL, rival_run, &rivals[i]), 0);
    }
    for (size_t i = 0; i < n; i++)
        pthread_join (rivals[i].thread, NULL);
    pthread_barrier_destroy (&ready);
    for (size_t i = 0; i < n; i++) {
        done += rivals[i].outcome == PADAN__OUTCOME__OUTCOME_OK;
        if (rivals[i].outcome != PADAN__OUTCOME__OUTCOME_OK)
            assert_string_equal (rivals[i].code, code);
    }
    return done;
}

/* Everybody wants the same family, each under an id of their own. */
static void
a_person_entered_at_once_is_in_one_application (void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct rival rivals[RIVALS] = { 0 };
        struct family family;
        family_make (&family, 10 + round);
        for (size_t i = 0; i < RIVALS; i++) {
            rivals[i].person = i % 2 ? &second : &office.officer;
            rivals[i].subject = uuid_new (clock_now ());
            rivals[i].command = &family.enter;
        }
        assert_int_equal (rivals_race (rivals, RIVALS, "intake.claimed"), 1);
    }
    assert_string_equal (office_sql (&office, "select count(*) from intake.application"), "5");
    assert_string_equal (office_sql (&office, "select count(*) from intake.claim where application_id is not null"),
                         "10");
}

/* Both saw version 1: one correction counts, the other officer must look again. */
static void
two_corrections_of_one_version_are_one (void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct family family, other;
        struct uuid id = uuid_new (clock_now ());
        Padan__Intake__V1__CorrectApplication correct[2];
        struct rival rivals[2] = { 0 };
        family_make (&family, 20 + round);
        assert_int_equal (office_tell (&office, &office.officer, id, 0, &family.enter, NULL, NULL),
                          PADAN__OUTCOME__OUTCOME_OK);
        family_make (&other, 20 + round);
        other.address.street = (char *)"Jalan Mawar 7";
        family.address.street = (char *)"Jalan Kenanga 2";
        for (size_t i = 0; i < 2; i++) {
            struct family *said = i ? &other : &family;
            padan__intake__v1__correct_application__init (&correct[i]);
            correct[i].track = said->enter.track;
            correct[i].kk = said->enter.kk;
            correct[i].address = &said->address;
            correct[i].members = said->members;
            correct[i].n_members = 2;
            rivals[i] = (struct rival){
                .person = i ? &second : &office.officer, .subject = id, .version = 1, .command = &correct[i]
            };
        }
        assert_int_equal (rivals_race (rivals, 2, "common.stale"), 1);
        char street[UUID_TEXT + 96], text[UUID_TEXT];
        snprintf (street, sizeof street, "select street from intake.application where id = '%s'",
                  uuid_format (id, text));
        assert_string_equal (office_sql (&office, street),
                             rivals[0].outcome == PADAN__OUTCOME__OUTCOME_OK ? "Jalan Kenanga 2" : "Jalan Mawar 7");
    }
}

/* One withdraws while the other corrects, neither naming a version: in either order the end is the end. */
static void
a_withdrawal_and_a_correction_follow_each_other (void **state)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct family family;
        struct uuid id = uuid_new (clock_now ());
        Padan__Intake__V1__CorrectApplication correct = PADAN__INTAKE__V1__CORRECT_APPLICATION__INIT;
        Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
        family_make (&family, 30 + round);
        assert_int_equal (office_tell (&office, &office.officer, id, 0, &family.enter, NULL, NULL),
                          PADAN__OUTCOME__OUTCOME_OK);
        correct.track = family.enter.track;
        correct.kk = family.enter.kk;
        correct.address = &family.address;
        correct.members = family.members;
        correct.n_members = 1;
        withdraw.reason = (char *)"Pemohon pindah";
        struct rival rivals[2] = { { .person = &office.officer, .subject = id, .command = &correct },
                                   { .person = &second, .subject = id, .command = &withdraw } };
        size_t done = rivals_race (rivals, 2, "intake.ended");
        assert_int_equal (rivals[1].outcome, PADAN__OUTCOME__OUTCOME_OK);
        char sql[256], text[UUID_TEXT];
        snprintf (sql, sizeof sql,
                  "select state || ' ' || version || ' ' || (select count(*) from intake.claim where application_id = "
                  "a.id) from intake.application a where id = '%s'",
                  uuid_format (id, text));
        assert_string_equal (office_sql (&office, sql), done == 2 ? "withdrawn 3 0" : "withdrawn 2 0");
    }
}

/* The first TRIES writes of the table fail as if another transaction had been in the way; a sequence counts them,
 * because it is not undone with the transaction. */
static void
fail_writes (const char *table, const char *sqlstate)
{
    char sql[1024];
    snprintf (sql, sizeof sql,
              "create sequence intake.tries; grant usage on sequence intake.tries to public; "
              "create function intake.fail () returns trigger language plpgsql as $$ begin "
              "if nextval ('intake.tries') <= %d then raise exception 'uji' using errcode = '%s'; end if; "
              "return new; end $$; "
              "create trigger fail before insert or update on intake.%s for each row execute function intake.fail (); "
              "select 1",
              TRIES, sqlstate, table);
    office_sql (&office, sql);
}

static void
fail_no_more (void)
{
    assert_true (atoi (office_sql (&office, "select last_value from intake.tries")) > TRIES); /* it did fail */
    office_sql (&office, "drop function intake.fail () cascade; drop sequence intake.tries; select 1");
}

static void
undone_transactions_are_run_again (void **state)
{
    static const char *const sqlstates[] = { "40001", "40P01" };
    for (int i = 0; i < 2; i++) {
        struct family family;
        struct uuid id = uuid_new (clock_now ());
        Padan__Intake__V1__CorrectApplication correct = PADAN__INTAKE__V1__CORRECT_APPLICATION__INIT;
        Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
        family_make (&family, 40 + i);
        correct.track = family.enter.track;
        correct.kk = family.enter.kk;
        correct.address = &family.address;
        correct.members = family.members;
        correct.n_members = 1;
        withdraw.reason = (char *)"Pemohon pindah";
        const struct {
            const void *command;
            const char *table;
        } steps[] = { { &family.enter, "claim" }, { &correct, "member" }, { &withdraw, "application" } };
        for (int64_t k = 0; k < 3; k++) {
            fail_writes (steps[k].table, sqlstates[i]);
            assert_int_equal (office_tell (&office, &office.officer, id, k, steps[k].command, NULL, NULL),
                              PADAN__OUTCOME__OUTCOME_OK);
            fail_no_more ();
        }
        char sql[256], text[UUID_TEXT];
        snprintf (sql, sizeof sql,
                  "select count(*) || ' ' || max (version) from intake.log where subject = '%s' and type like "
                  "'padan.intake.v1.Application%%'",
                  uuid_format (id, text));
        assert_string_equal (office_sql (&office, sql), "3 3"); /* each once */
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_person_entered_at_once_is_in_one_application),
        cmocka_unit_test (two_corrections_of_one_version_are_one),
        cmocka_unit_test (a_withdrawal_and_a_correction_follow_each_other),
        cmocka_unit_test (undone_transactions_are_run_again),
    };
    return cmocka_run_group_tests (tests, open_office, close_office);
}
