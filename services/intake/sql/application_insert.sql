-- New rows; one that exists violates the key.
insert into application (tenant, id, version, state, ticket, track, kk, street, rt, rw, village, village_name,
    postal_code, profile_sha256, entered_by, entered_at, source, payer, held_by, returned_reason, ended_reason,
    content_version, judged_version, missing, since, act, role, due_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::bigint[]), unnest ($8::text[]), unnest ($9::text[]), unnest ($10::text[]),
    unnest ($11::text[]), unnest ($12::text[]), unnest ($13::text[]), unnest ($14::bytea[]), unnest ($15::uuid[]),
    unnest ($16::timestamptz[]), unnest ($17::text[]), unnest ($18::text[]), unnest ($19::text[]),
    unnest ($20::text[]), unnest ($21::text[]), unnest ($22::bigint[]), unnest ($23::bigint[]), unnest ($24::text[]),
    unnest ($25::timestamptz[]), unnest ($26::text[]), unnest ($27::text[]), unnest ($28::timestamptz[])
