-- New rows; one that exists violates the key. One array a column.
insert into letter (tenant, id, version, state, letter, track, profile_sha256, people, act, role, since, due_at,
    content_sha256, drafted_at, number, number_id, sequence, signed_at, signer_title, signer_name, signer_rank,
    signer_nip, pdf_sha256, pdf_size, delivered_to, receiver, delivered_at, reason)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::bytea[]), unnest ($8::integer[]), unnest ($9::text[]), unnest ($10::integer[]),
    unnest ($11::timestamptz[]), unnest ($12::timestamptz[]), unnest ($13::bytea[]), unnest ($14::timestamptz[]),
    unnest ($15::text[]), unnest ($16::uuid[]), unnest ($17::bigint[]), unnest ($18::timestamptz[]),
    unnest ($19::text[]), unnest ($20::text[]), unnest ($21::text[]), unnest ($22::text[]), unnest ($23::bytea[]),
    unnest ($24::bigint[]), unnest ($25::text[]), unnest ($26::text[]), unnest ($27::timestamptz[]),
    unnest ($28::text[])
