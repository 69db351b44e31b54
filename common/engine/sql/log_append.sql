-- The last statement of a transaction: takes positions from the one counter row, writes events and replies.
-- $1 partition, $2 tenant, $3 subject, $4 version, $5 type, $6 id, $7 hash, $8 envelope (events)
-- $9 tenant, $10 person, $11 route, $12 key, $13 body_hash, $14 reply, $15 events (replies, in the order of their keys)
with head as (
    update log_head set position = position + cardinality ($1::integer[])
    returning position - cardinality ($1::integer[]) as base, epoch
), entries as (
    insert into log (position, partition, tenant, subject, version, type, id, hash, envelope)
    select head.base + e.n, e.partition, e.tenant, e.subject, e.version, e.type, e.id, e.hash, e.envelope
    from head, (select unnest ($1::integer[]) as partition, unnest ($2::bigint[]) as tenant,
        unnest ($3::uuid[]) as subject, unnest ($4::bigint[]) as version, unnest ($5::text[]) as type,
        unnest ($6::uuid[]) as id, unnest ($7::bytea[]) as hash, unnest ($8::bytea[]) as envelope,
        generate_subscripts ($1::integer[], 1) as n) e
), replies as (
    insert into command (tenant, person, route, key, body_hash, reply, position)
    select r.tenant, r.person, r.route, r.key, r.body_hash, r.reply, head.base + r.events
    from head, (select unnest ($9::bigint[]) as tenant, unnest ($10::uuid[]) as person, unnest ($11::text[]) as route,
        unnest ($12::text[]) as key, unnest ($13::bytea[]) as body_hash, unnest ($14::bytea[]) as reply,
        unnest ($15::bigint[]) as events) r
    order by r.tenant, r.person, r.route, r.key
)
select base, epoch from head
