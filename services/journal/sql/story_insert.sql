-- New rows; one that exists violates the key.
insert into story (tenant, id, version, kind, ticket, ticket_key, state, holder, waits_for, due_at, place, people,
    excluded, people_version, ids, follower_id, changed_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::text[]), unnest ($9::text[]), unnest ($10::timestamptz[]),
    unnest ($11::text[]), unnest ($12::integer[]), unnest ($13::integer[]), unnest ($14::bigint[]),
    unnest ($15::bytea[]), unnest ($16::uuid[]), unnest ($17::timestamptz[])
