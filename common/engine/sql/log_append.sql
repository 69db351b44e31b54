-- The last statement of a transaction: takes positions from the one counter row, writes events and replies.
-- $1 partition, $2 tenant, $3 subject, $4 version, $5 type, $6 id, $7 hash, $8 envelope (events)
-- $9 tenant, $10 person, $11 route, $12 key, $13 body_hash, $14 reply, $15 events (replies)
with head as (
    update log_head set position = position + cardinality ($1::integer[])
    returning position - cardinality ($1::integer[]) as base, epoch
), entries as (
    insert into log (position, partition, tenant, subject, version, type, id, hash, envelope)
    select head.base + e.n, e.partition, e.tenant, e.subject, e.version, e.type, e.id, e.hash, e.envelope
    from head, unnest ($1::integer[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::uuid[], $7::bytea[],
        $8::bytea[]) with ordinality e (partition, tenant, subject, version, type, id, hash, envelope, n)
), replies as (
    insert into command (tenant, person, route, key, body_hash, reply, position)
    select r.tenant, r.person, r.route, r.key, r.body_hash, r.reply, head.base + r.events
    from head, unnest ($9::bigint[], $10::uuid[], $11::text[], $12::text[], $13::bytea[], $14::bytea[], $15::bigint[])
        r (tenant, person, route, key, body_hash, reply, events)
)
select base, epoch from head
