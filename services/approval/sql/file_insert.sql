-- New rows; one that exists violates the key. One array a column.
insert into file (tenant, id, version, state, ticket, track, village, people, profile_sha256, dossier_id,
    letter_id, act, role, since, due_at, entered_by, sent_by, reason)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::integer[]), unnest ($9::bytea[]), unnest ($10::uuid[]),
    unnest ($11::uuid[]), unnest ($12::text[]), unnest ($13::integer[]), unnest ($14::timestamptz[]),
    unnest ($15::timestamptz[]), unnest ($16::uuid[]), unnest ($17::uuid[]), unnest ($18::text[])
