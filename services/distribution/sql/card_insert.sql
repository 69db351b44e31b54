-- New: cards. A row that exists violates the key.
insert into card (tenant, id, version, state, application_id, member_id, name, card_number, village, fetched,
    couriers, profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::uuid[], $6::uuid[], $7::text[],
    $8::text[], $9::text[], $10::boolean[], $11::integer[], $12::bytea[], $13::uuid[], $14::text[], $15::text[],
    $16::bytea[], $17::text[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[])
