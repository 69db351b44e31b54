-- New: applications batching knows. A row that exists violates the key.
insert into waiting (tenant, id, version, state, track, ticket, transfer, priority, people, accepted, refused,
    since, due_at, due_day, batch_id, letter_number, profile_sha256, dossier)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::boolean[]), unnest ($8::integer[]), unnest ($9::integer[]),
    unnest ($10::integer[]), unnest ($11::integer[]), unnest ($12::timestamptz[]), unnest ($13::timestamptz[]),
    unnest ($14::date[]), unnest ($15::uuid[]), unnest ($16::text[]), unnest ($17::bytea[]), unnest ($18::bytea[])
