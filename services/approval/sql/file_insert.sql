-- New rows; one that exists violates the key. One array a column.
insert into file (tenant, id, version, state, ticket, track, village, people, profile_sha256, dossier_id,
    letter_id, act, role, since, due_at, entered_by, sent_by, reason)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::integer[], $9::bytea[], $10::uuid[], $11::uuid[], $12::text[], $13::integer[], $14::timestamptz[],
    $15::timestamptz[], $16::uuid[], $17::uuid[], $18::text[])
