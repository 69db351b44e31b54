/* The client: sends orders under keys, repeats those without an answer, now and then one that has it, and believes
 * nothing but its own record. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/sim/sim.h"

enum { ORDERS_LEAST = 24, ORDERS_MOST = 44, BURST = 20000, PAUSE = 400000 };

static struct uuid
fresh_id (struct sim *sim)
{
    uint64_t random[2] = { sim_random (sim), sim_random (sim) };
    return uuid_of (random, sizeof random);
}

void
client_start (struct sim *sim)
{
    for (int i = 0; i < ACCOUNTS; i++)
        sim->accounts[i] = fresh_id (sim);
    sim->to_make = (unsigned)sim_between (sim, ORDERS_LEAST, ORDERS_MOST);
    sim->next_order_at = sim->now;
}

/* ------------------------------------------------------------ thinking of orders */

static struct order *
order_add (struct sim *sim, enum order_type type, int account)
{
    MUST (sim->n_orders < ORDERS_MAX);
    struct order *order = &sim->orders[sim->n_orders];
    *order = (struct order){ .type = type, .account = account, .next_at = sim->now };
    snprintf (order->key, sizeof order->key, "order-%zu", sim->n_orders++);
    return order;
}

static int64_t
version_seen (const struct sim *sim, int account)
{
    int64_t version = 0;
    for (size_t i = 0; i < sim->n_orders; i++)
        if (sim->orders[i].account == account && sim->orders[i].accepted && sim->orders[i].version > version)
            version = sim->orders[i].version;
    return version;
}

static void
order_make (struct sim *sim)
{
    static const enum order_type often[] = { ORDER_DEPOSIT,  ORDER_DEPOSIT,  ORDER_WITHDRAW, ORDER_WITHDRAW,
                                             ORDER_TRANSFER, ORDER_TRANSFER, ORDER_TRANSFER, ORDER_CLOSE };
    int account = (int)sim_between (sim, 0, ACCOUNTS - 1);
    enum order_type type = sim->opened < ACCOUNTS ? ORDER_OPEN : often[sim_random (sim) % 8];
    if (type == ORDER_OPEN)
        account = sim->opened++;
    struct order *order = order_add (sim, type, account);
    order->amount = sim_between (sim, 1, 60);
    if (type == ORDER_OPEN)
        order->amount = account == ACCOUNTS - 1 ? 0 : 100; /* one can be closed at once */
    order->other = (int)sim_between (sim, 0, ACCOUNTS - 1);
    order->faulty = (type == ORDER_OPEN || type == ORDER_DEPOSIT) && sim_random (sim) % 5 == 0;
    if (type != ORDER_OPEN && sim_random (sim) % 8 == 0)
        order->seen_version = version_seen (sim, account);
    if (type == ORDER_OPEN && sim_random (sim) % 2) { /* somebody else opens the same account at that moment */
        struct order *rival = order_add (sim, type, account);
        rival->amount = order->amount + 1;
        rival->other = order->other;
    }
    sim->to_make--;
    sim->next_order_at = sim->now + sim_between (sim, 0, sim_random (sim) % 3 ? BURST : PAUSE);
}

/* ------------------------------------------------------------ sending */

union body {
    ProtobufCMessage base;
    Toy__OpenAccount open;
    Toy__Deposit deposit;
    Toy__Withdraw withdraw;
    Toy__Transfer transfer;
    Toy__CloseAccount close;
    Toy__Mend mend;
};

static void
body_make (struct sim *sim, const struct order *order, bool another, union body *body)
{
    int64_t amount = order->amount + another;
    switch (order->type) {
    case ORDER_OPEN:
        toy__open_account__init (&body->open);
        body->open.holder = (char *)"pemegang";
        body->open.balance = amount;
        body->open.faulty = order->faulty;
        break;
    case ORDER_DEPOSIT:
        toy__deposit__init (&body->deposit);
        body->deposit.amount = amount;
        body->deposit.faulty = order->faulty;
        break;
    case ORDER_WITHDRAW:
        toy__withdraw__init (&body->withdraw);
        body->withdraw.amount = amount;
        break;
    case ORDER_TRANSFER:
        toy__transfer__init (&body->transfer);
        body->transfer.amount = amount;
        body->transfer.to_id = uuid_field (&sim->accounts[order->other]);
        break;
    case ORDER_CLOSE:
        toy__close_account__init (&body->close);
        break;
    case ORDER_MEND:
        toy__mend__init (&body->mend);
        body->mend.version = order->mend_version + another;
        break;
    }
}

static struct bytes
body_pack (struct sim *sim, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *data = sim_memory (sim, 1, size + 1);
    protobuf_c_message_pack (message, data);
    return (struct bytes){ data, size };
}

static void
order_send (struct sim *sim, struct order *order)
{
    if (order->n_attempts == ATTEMPTS_MAX) {
        sim_fail (sim, "%s was sent %d times without an answer", order->key, ATTEMPTS_MAX);
        return;
    }
    size_t attempt = order->n_attempts++;
    /* closing bears no body of its own: another version makes it another */
    bool another = order->another_body[attempt] = order->next_other;
    order->attempts[attempt] = fresh_id (sim);
    if (attempt)
        sim_happened (sim, HAPPENED_RESENT);
    union body body;
    body_make (sim, order, another, &body);
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.id = uuid_field (&order->attempts[attempt]);
    envelope.type = (char *)body.base.descriptor->name;
    envelope.tenant = TENANT;
    envelope.subject = uuid_field (&sim->accounts[order->account]);
    envelope.version = order->seen_version + (another && order->type == ORDER_CLOSE ? 1000 : 0);
    envelope.time = sim->now;
    envelope.key = order->key;
    if (sim_chance (sim, 12))
        envelope.deadline = sim->now + sim_between (sim, 0, 20000);
    struct bytes data = body_pack (sim, &body.base);
    envelope.data = (ProtobufCBinaryData){ .len = data.size, .data = (uint8_t *)data.data };
    int service = order->type == ORDER_MEND ? MIRROR : TILL;
    packet_send (sim, &(struct packet){
                          .kind = PACKET_COMMAND,
                          .from = -1,
                          .to = service * INSTANCES_EACH + (int)sim_between (sim, 0, INSTANCES_EACH - 1),
                          .number = (uint64_t)(order - sim->orders) * ATTEMPTS_MAX + attempt,
                          .bytes = body_pack (sim, &envelope.base),
                      });
    order->next_at = order->answered ? 0 : sim->now + sim_between (sim, CLOCK_SECOND / 3, 2 * CLOCK_SECOND);
}

int64_t
client_next (const struct sim *sim)
{
    int64_t at = sim->to_make ? sim->next_order_at : INT64_MAX;
    for (size_t i = 0; i < sim->n_orders; i++)
        if (sim->orders[i].next_at && sim->orders[i].next_at < at)
            at = sim->orders[i].next_at;
    return at;
}

void
client_act (struct sim *sim)
{
    if (sim->to_make && sim->next_order_at <= sim->now)
        order_make (sim);
    for (size_t i = 0; i < sim->n_orders; i++)
        if (sim->orders[i].next_at && sim->orders[i].next_at <= sim->now)
            order_send (sim, &sim->orders[i]);
}

bool
client_is_done (const struct sim *sim)
{
    for (size_t i = 0; i < sim->n_orders; i++)
        if (!sim->orders[i].answered || sim->orders[i].next_at)
            return false;
    return !sim->to_make;
}

/* ------------------------------------------------------------ answers */

static bool
is_final (Padan__Outcome outcome)
{
    return outcome != PADAN__OUTCOME__OUTCOME_BUSY && outcome != PADAN__OUTCOME__OUTCOME_EXPIRED &&
           outcome != PADAN__OUTCOME__OUTCOME_INTERNAL;
}

static void
order_answered (struct sim *sim, struct order *order, const Padan__Reply *reply, struct bytes bytes)
{
    order->answered = true;
    order->accepted = reply->outcome == PADAN__OUTCOME__OUTCOME_OK;
    order->reply = bytes;
    order->next_at = 0;
    sim_happened (sim, order->accepted ? HAPPENED_ACCEPTED : HAPPENED_REFUSED);
    if (order->accepted && order->type != ORDER_MEND) {
        Toy__AccountState *state =
            toy__account_state__unpack (arena_protobuf (sim->arena), reply->data.len, reply->data.data);
        if (!state) {
            sim_fail (sim, "%s was accepted without its state", order->key);
            return;
        }
        order->version = state->version;
        order->balance = state->balance;
    }
    if (sim_chance (sim, 3)) {
        order->next_at = sim->now + sim_between (sim, 0, 5 * CLOCK_SECOND);
        order->next_other = sim_random (sim) % 3 == 0;
    }
    if (order->accepted && order->faulty) {
        int64_t version = order->version;
        struct order *mend = order_add (sim, ORDER_MEND, order->account);
        mend->mend_version = version;
        mend->next_at = sim->now + sim_between (sim, 0, 8 * CLOCK_SECOND);
    }
}

void
client_receive (struct sim *sim, const struct packet *packet)
{
    struct order *order = &sim->orders[packet->number / ATTEMPTS_MAX];
    size_t attempt = packet->number % ATTEMPTS_MAX;
    Padan__Reply *reply = padan__reply__unpack (arena_protobuf (sim->arena), packet->bytes.size, packet->bytes.data);
    if (!reply) {
        sim_fail (sim, "%s got a reply that cannot be read", order->key);
        return;
    }
    sim_trace (sim, "%s: outcome %d %s", order->key, (int)reply->outcome, reply->problem ? reply->problem->code : "");
    if (reply->outcome == PADAN__OUTCOME__OUTCOME_EXPIRED)
        sim_happened (sim, HAPPENED_EXPIRED);
    if (!is_final (reply->outcome))
        return;
    bool reused = reply->outcome == PADAN__OUTCOME__OUTCOME_KEY_REUSED;
    if (reused)
        sim_happened (sim, HAPPENED_KEY_REUSED);
    if (reused != order->another_body[attempt])
        sim_fail (sim, "%s: %s body under its key, outcome %d", order->key,
                  order->another_body[attempt] ? "another" : "the same", (int)reply->outcome);
    if (reused)
        return;
    if (!order->answered)
        order_answered (sim, order, reply, packet->bytes);
    else if (order->reply.size != packet->bytes.size ||
             memcmp (order->reply.data, packet->bytes.data, packet->bytes.size) != 0)
        sim_fail (sim, "%s got two different replies", order->key);
}
