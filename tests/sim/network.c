/* The network between client, till and mirror: packets take their time, overtake each other, are lost, come twice. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/sim/sim.h"

static void
packet_queue (struct sim *sim, const struct packet *packet)
{
    if (sim->n_packets == sim->packets_room) {
        sim->packets_room = sim->packets_room ? 2 * sim->packets_room : 64;
        sim->packets = realloc (sim->packets, sim->packets_room * sizeof *sim->packets);
        MUST (sim->packets);
    }
    struct packet *copy = sim_memory (sim, 1, sizeof *copy);
    *copy = *packet;
    int64_t slowest = sim_chance (sim, 20) ? 2 * CLOCK_SECOND : 10000;
    copy->deliver_at = sim->now + sim_between (sim, 100, slowest);
    sim->packets[sim->n_packets++] = copy;
}

void
packet_send (struct sim *sim, const struct packet *packet)
{
    static const enum happening drops[] = { HAPPENED_DROP_COMMAND, HAPPENED_DROP_REPLY, HAPPENED_DROP_LOG,
                                            HAPPENED_DROP_LOG };
    static const enum happening repeats[] = { HAPPENED_REPEAT_COMMAND, HAPPENED_REPEAT_REPLY, HAPPENED_REPEAT_LOG,
                                              HAPPENED_REPEAT_LOG };
    struct packet sent = *packet;
    sent.serial = ++sim->serial;
    if (sim_chance (sim, 12)) {
        sim_happened (sim, drops[packet->kind]);
        return;
    }
    packet_queue (sim, &sent);
    if (sim_chance (sim, 12)) {
        sim_happened (sim, repeats[packet->kind]);
        packet_queue (sim, &sent);
    }
}

/* The owner answers from what is committed, as far as one answer goes. */
static void
log_answer (struct sim *sim, const struct packet *question)
{
    enum { ENTRIES_MAX = 24 };
    struct log_entry entries[ENTRIES_MAX];
    struct packet answer = { .kind = PACKET_LOG_ANSWER, .to = question->from, .from = question->to };
    size_t limit = (size_t)sim_between (sim, 1, ENTRIES_MAX);
    answer.number = question->number;
    answer.partitions = question->partitions;
    answer.n_entries = ledger_sim_read_log (sim->ledgers[TILL], question->positions, limit, entries, &answer.upto);
    answer.entries = sim_memory (sim, answer.n_entries, sizeof *entries);
    memcpy (answer.entries, entries, answer.n_entries * sizeof *entries);
    packet_send (sim, &answer);
}

static void
mail_put (struct packet **box, size_t *n, struct packet *packet)
{
    if (*n < MAIL_MAX)
        box[(*n)++] = packet;
}

void
packet_deliver (struct sim *sim, size_t i)
{
    struct packet *packet = sim->packets[i];
    sim->packets[i] = sim->packets[--sim->n_packets];
    uint64_t *newest = &sim->delivered[(packet->from + 1) * (INSTANCES + 1) + packet->to + 1];
    if (packet->serial < *newest)
        sim_happened (sim, HAPPENED_REORDER);
    else
        *newest = packet->serial;
    if (packet->to < 0) {
        client_receive (sim, packet);
        return;
    }
    struct instance *instance = &sim->instances[packet->to];
    if (instance->down) /* nobody listens: it is lost */
        return;
    switch (packet->kind) {
    case PACKET_COMMAND:
        mail_put (instance->inbox, &instance->n_inbox, packet);
        break;
    case PACKET_LOG_READ:
        log_answer (sim, packet);
        break;
    case PACKET_LOG_ANSWER:
        mail_put (instance->answers, &instance->n_answers, packet);
        break;
    case PACKET_REPLY:
        break;
    }
}
