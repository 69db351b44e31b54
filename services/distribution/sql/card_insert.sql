-- New: cards. A row that exists violates the key.
insert into card (tenant, id, version, state, application_id, member_id, name, card_number, village, fetched,
    couriers, profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at,
    proof_asked)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::uuid[]),
    unnest ($6::uuid[]), unnest ($7::text[]), unnest ($8::text[]), unnest ($9::text[]), unnest ($10::boolean[]),
    unnest ($11::integer[]), unnest ($12::bytea[]), unnest ($13::uuid[]), unnest ($14::text[]), unnest ($15::text[]),
    unnest ($16::bytea[]), unnest ($17::text[]), unnest ($18::timestamptz[]), unnest ($19::timestamptz[]),
    unnest ($20::timestamptz[]), unnest ($21::boolean[])
