-- New: batches. A row that exists violates the key.
insert into batch (tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at,
    applications, people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at,
    answered_at, profile_sha256, due_at, reconciler, archive_sha256, reconciled_at, reconciled_by)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::date[]), unnest ($9::timestamptz[]), unnest ($10::uuid[]),
    unnest ($11::timestamptz[]), unnest ($12::integer[]), unnest ($13::integer[]), unnest ($14::integer[]),
    unnest ($15::integer[]), unnest ($16::bytea[]), unnest ($17::bigint[]), unnest ($18::bytea[]),
    unnest ($19::text[]), unnest ($20::text[]), unnest ($21::timestamptz[]), unnest ($22::timestamptz[]),
    unnest ($23::bytea[]), unnest ($24::timestamptz[]), unnest ($25::text[]), unnest ($26::bytea[]),
    unnest ($27::timestamptz[]), unnest ($28::uuid[])
