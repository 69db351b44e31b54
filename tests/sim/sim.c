#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "tests/toy/mirror/mirror.h"
#include "tests/toy/till/till.h"

enum {
    START_TIME = 1700000000, /* seconds; any */
    STEPS_MAX = 400000,      /* a run needs some ten thousand */
    DRAIN_SECONDS = 3600,    /* with faults over, everything must have settled by then */
    IDLE_CUT_SECONDS = 10,   /* idle_in_transaction_session_timeout */
    PERSON_SECONDS = 5,      /* how often a person looks at what waits for one, once faults are over */
    FAULTS_AT_LEAST = 1500,  /* steps */
};

const struct service *const sim_services[SERVICES] = { &till_service, &mirror_service };

#define HAPPENING_TEXT(NAME, TEXT) [HAPPENED_##NAME] = TEXT,
const char *const happening_names[HAPPENING_KINDS] = { HAPPENINGS (HAPPENING_TEXT) };

/* ------------------------------------------------------------ chance */

uint64_t
sim_random (struct sim *sim)
{
    uint64_t x = sim->random += 0x9e3779b97f4a7c15u; /* splitmix64 */
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

bool
sim_chance (struct sim *sim, unsigned one_in)
{
    return sim->faults && sim_random (sim) % one_in == 0;
}

int64_t
sim_between (struct sim *sim, int64_t from, int64_t to)
{
    return from + (int64_t)(sim_random (sim) % (uint64_t)(to - from + 1));
}

/* ------------------------------------------------------------ telling */

void
sim_happened (struct sim *sim, enum happening what)
{
    sim->happened[what]++;
    if (sim->trace)
        sim_trace (sim, "! %s", happening_names[what]);
}

void
sim_fail (struct sim *sim, const char *format, ...)
{
    if (sim->failure[0])
        return;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (sim->failure, sizeof sim->failure, format, arguments);
    va_end (arguments);
    sim_trace (sim, "FAILED %s", sim->failure);
}

void
sim_trace (struct sim *sim, const char *format, ...)
{
    if (!sim->trace)
        return;
    va_list arguments;
    va_start (arguments, format);
    fprintf (stderr, "%12.6f ", (double)(sim->now - START_TIME * (int64_t)CLOCK_SECOND) / CLOCK_SECOND);
    vfprintf (stderr, format, arguments);
    fputc ('\n', stderr);
    va_end (arguments);
}

void *
sim_memory (struct sim *sim, size_t count, size_t size)
{
    void *memory = arena_array (sim->arena, count ? count : 1, size);
    MUST (memory);
    return memory;
}

/* ------------------------------------------------------------ what storage asks of us */

static int64_t
hook_now (void *sim)
{
    return ((struct sim *)sim)->now;
}

static uint64_t
hook_random (void *sim)
{
    return sim_random (sim);
}

static void
hook_note (void *self, const char *what)
{
    for (int i = 0; i < HAPPENING_KINDS; i++)
        if (strcmp (happening_names[i], what) == 0) {
            sim_happened (self, (enum happening)i);
            return;
        }
    MUST (!"a happening that is listed");
}

static void
hook_fail (void *sim, const char *what)
{
    sim_fail (sim, "%s", what);
}

static enum storage_fault
hook_fault (void *self, enum boundary at)
{
    struct worker *worker = self;
    struct sim *sim = worker->instance->sim;
    static const struct {
        enum boundary at;
        enum storage_fault fault;
        enum happening happening;
        unsigned one_in;
    } faults[] = {
        { BOUNDARY_BEGIN, STORAGE_RETRY, HAPPENED_RETRY, 60 },
        { BOUNDARY_COMMIT, STORAGE_RETRY, HAPPENED_RETRY, 60 },
        { BOUNDARY_COMMIT, STORAGE_INTERNAL, HAPPENED_INTERNAL, 60 },
        { BOUNDARY_WRITTEN, STORAGE_UNKNOWN_DONE, HAPPENED_UNKNOWN_DONE, 25 },
        { BOUNDARY_WRITTEN, STORAGE_UNKNOWN_UNDONE, HAPPENED_UNKNOWN_UNDONE, 40 },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].at == at && !worker->instance->dying && sim_chance (sim, faults[i].one_in)) {
            sim_happened (sim, faults[i].happening);
            return faults[i].fault;
        }
    return STORAGE_FINE;
}

/* ------------------------------------------------------------ what goes wrong */

static bool
is_frozen (const struct instance *instance)
{
    return instance->frozen_until > instance->sim->now;
}

static bool
in_transaction (const struct instance *instance)
{
    for (size_t i = 0; i < instance->n_workers; i++)
        if (session_is_open (instance->workers[i].session))
            return true;
    return false;
}

static void
crash (struct sim *sim, struct instance *instance)
{
    sim_trace (sim, "crash of %s %d", sim_services[instance->service]->name, instance->number);
    sim_happened (sim, HAPPENED_CRASH);
    if (in_transaction (instance))
        sim_happened (sim, HAPPENED_CRASH_IN_TRANSACTION);
    instance_crash (instance);
    instance->up_at = sim->now + sim_between (sim, 50000, 3 * CLOCK_SECOND);
}

static void
freeze (struct sim *sim, struct instance *instance)
{
    sim_trace (sim, "freeze of %s %d", sim_services[instance->service]->name, instance->number);
    sim_happened (sim, HAPPENED_FREEZE);
    if (in_transaction (instance))
        sim_happened (sim, HAPPENED_FREEZE_IN_TRANSACTION);
    instance->frozen_at = sim->now;
    instance->frozen_until = sim->now + sim_between (sim, CLOCK_SECOND / 10, 30 * CLOCK_SECOND);
}

static void
storage_stop (struct sim *sim)
{
    enum which_service service = sim_random (sim) % SERVICES;
    sim_happened (sim, HAPPENED_STORAGE_STOP);
    for (int i = 0; i < INSTANCES; i++)
        for (size_t w = 0; sim->instances[i].service == service && w < sim->instances[i].n_workers; w++)
            session_cut (sim->instances[i].workers[w].session);
}

static void
things_go_wrong (struct sim *sim)
{
    struct instance *instance = &sim->instances[sim_random (sim) % INSTANCES];
    if (sim->crash_wanted) {
        instance = sim->crash_wanted;
        sim->crash_wanted = NULL;
        if (!instance->down)
            crash (sim, instance);
    } else if (!instance->down && sim_chance (sim, 600)) {
        crash (sim, instance);
    } else if (!instance->down && !is_frozen (instance) && sim_chance (sim, 800)) {
        freeze (sim, instance);
    } else if (sim_chance (sim, 1500)) {
        storage_stop (sim);
    }
    for (int i = 0; i < INSTANCES; i++) {
        instance = &sim->instances[i];
        if (instance->down && instance->up_at <= sim->now)
            instance_start (instance);
        if (!is_frozen (instance) || sim->now - instance->frozen_at < IDLE_CUT_SECONDS * (int64_t)CLOCK_SECOND)
            continue;
        for (size_t w = 0; w < instance->n_workers; w++)
            if (session_is_open (instance->workers[w].session)) {
                session_cut (instance->workers[w].session);
                sim_happened (sim, HAPPENED_IDLE_CUT);
            }
    }
}

/* ------------------------------------------------------------ the scheduler */

struct choice {
    struct worker *worker; /* else: */
    size_t packet;         /* else (SIZE_MAX): the client */
};

static size_t
choices_find (struct sim *sim, struct choice *choices, size_t room)
{
    size_t n = 0;
    for (int i = 0; i < INSTANCES; i++) {
        struct instance *instance = &sim->instances[i];
        for (size_t w = 0; !instance->down && !is_frozen (instance) && w < instance->n_workers && n < room; w++)
            if (worker_can_run (&instance->workers[w]))
                choices[n++] = (struct choice){ .worker = &instance->workers[w] };
    }
    for (size_t i = 0; i < sim->n_packets && n < room; i++) {
        const struct packet *packet = sim->packets[i];
        if (packet->deliver_at <= sim->now && (packet->to < 0 || !is_frozen (&sim->instances[packet->to])))
            choices[n++] = (struct choice){ .packet = i };
    }
    if (client_next (sim) <= sim->now && n < room)
        choices[n++] = (struct choice){ .packet = SIZE_MAX };
    return n;
}

static void
earliest (int64_t *at, int64_t candidate, int64_t now)
{
    if (candidate > now && candidate < *at)
        *at = candidate;
}

/* Nobody can run: to the next instant when somebody can. */
static bool
time_pass (struct sim *sim)
{
    int64_t at = INT64_MAX;
    for (int i = 0; i < INSTANCES; i++) {
        struct instance *instance = &sim->instances[i];
        if (instance->down)
            earliest (&at, instance->up_at, sim->now);
        earliest (&at, instance->frozen_until, sim->now);
        if (is_frozen (instance))
            earliest (&at, instance->frozen_at + IDLE_CUT_SECONDS * (int64_t)CLOCK_SECOND, sim->now);
        for (size_t w = 0; !instance->down && w < instance->n_workers; w++)
            earliest (&at, instance->workers[w].wake_at, sim->now);
    }
    for (size_t i = 0; i < sim->n_packets; i++)
        earliest (&at, sim->packets[i]->deliver_at, sim->now);
    earliest (&at, client_next (sim), sim->now);
    if (at == INT64_MAX)
        return false;
    sim->now = at;
    return true;
}

static void
step (struct sim *sim)
{
    struct choice choices[256];
    things_go_wrong (sim);
    size_t n = choices_find (sim, choices, sizeof choices / sizeof *choices);
    if (!n) {
        if (!time_pass (sim))
            sim_fail (sim, "everybody waits for ever");
        return;
    }
    if (sim_random (sim) % 4 == 0)
        sim->now += sim_between (sim, 0, 2000);
    struct choice choice = choices[sim_random (sim) % n];
    if (choice.worker)
        task_run (choice.worker->task);
    else if (choice.packet == SIZE_MAX)
        client_act (sim);
    else
        packet_deliver (sim, choice.packet);
}

static bool
is_settled (struct sim *sim)
{
    int64_t positions[ENGINE_PARTITIONS], last[ENGINE_PARTITIONS];
    uint8_t hashes[ENGINE_PARTITIONS][ENTRY_HASH_SIZE];
    if (!client_is_done (sim))
        return false;
    for (int i = 0; i < SERVICES; i++)
        if (ledger_sim_parked_count (sim->ledgers[i]) || ledger_sim_due_count (sim->ledgers[i]))
            return false;
    ledger_sim_positions (sim->ledgers[MIRROR], "till", positions, last, hashes);
    for (int p = 0; p < ENGINE_PARTITIONS; p++)
        if (positions[p] < ledger_sim_head (sim->ledgers[TILL]))
            return false;
    return true;
}

static void
say_unsettled (struct sim *sim)
{
    sim_fail (sim, "not settled: client %s, parked %zu, due %zu in till and %zu in mirror, or positions behind %lld",
              client_is_done (sim) ? "done" : "waits", ledger_sim_parked_count (sim->ledgers[MIRROR]),
              ledger_sim_due_count (sim->ledgers[TILL]), ledger_sim_due_count (sim->ledgers[MIRROR]),
              (long long)ledger_sim_head (sim->ledgers[TILL]));
}

/* Faults end; instances come up and thaw; a person lets what waits for one be tried again. */
static void
drain (struct sim *sim)
{
    int64_t until = sim->now + DRAIN_SECONDS * (int64_t)CLOCK_SECOND;
    sim->faults = false;
    sim_trace (sim, "faults end");
    for (int i = 0; i < INSTANCES; i++)
        sim->instances[i].frozen_until = 0;
    for (unsigned i = 0; !sim->failure[0]; i++) {
        if (i % 16 == 0 && is_settled (sim))
            return;
        if (sim->now > until || i > STEPS_MAX) {
            say_unsettled (sim);
            return;
        }
        if (sim->now >= sim->next_person_at) {
            sim->next_person_at = sim->now + PERSON_SECONDS * (int64_t)CLOCK_SECOND;
            for (int s = 0; s < SERVICES; s++)
                ledger_sim_retry_all (sim->ledgers[s]);
        }
        step (sim);
    }
}

static void
sim_start (struct sim *sim, uint64_t seed, unsigned mutations, bool trace)
{
    *sim = (struct sim){ .seed = seed, .random = seed * 0x2545f4914f6cdd1du, .mutations = mutations, .trace = trace };
    sim->faults = true;
    sim->now = START_TIME * (int64_t)CLOCK_SECOND;
    sim->arena = arena_new (1 << 30);
    MUST (sim->arena);
    struct ledger_hooks hooks = {
        .self = sim,
        .pause = worker_pause,
        .wait = worker_wait,
        .fault = hook_fault,
        .note = hook_note,
        .fail = hook_fail,
        .now = hook_now,
        .random = hook_random,
    };
    for (int i = 0; i < SERVICES; i++)
        sim->ledgers[i] = ledger_sim_new (sim_services[i], &hooks, mutations);
    client_start (sim);
    for (int i = 0; i < INSTANCES; i++) {
        sim->instances[i] = (struct instance){ .sim = sim, .service = i / INSTANCES_EACH, .number = i, .down = true };
        instance_start (&sim->instances[i]);
    }
}

bool
sim_run (uint64_t seed, unsigned mutations, bool trace, unsigned happened[HAPPENING_KINDS], char *ret_failure)
{
    struct sim *sim = calloc (1, sizeof *sim);
    MUST (sim);
    sim_start (sim, seed, mutations, trace);
    while (!sim->failure[0] && (sim->to_make || sim->steps < FAULTS_AT_LEAST) && sim->steps < STEPS_MAX) {
        sim->steps++;
        step (sim);
    }
    drain (sim);
    if (!sim->failure[0])
        sim_check (sim);
    for (int i = 0; i < INSTANCES; i++)
        if (!sim->instances[i].down)
            instance_crash (&sim->instances[i]);
    for (int i = 0; i < HAPPENING_KINDS; i++)
        happened[i] += sim->happened[i];
    bool good = !sim->failure[0];
    snprintf (ret_failure, sizeof sim->failure, "%s", sim->failure);
    for (int i = 0; i < SERVICES; i++)
        ledger_sim_destroy (&sim->ledgers[i]);
    arena_destroy (&sim->arena);
    free (sim->packets);
    free (sim);
    return good;
}
