-- New: applications batching knows. A row that exists violates the key.
insert into waiting (tenant, id, version, state, track, ticket, transfer, priority, people, accepted, refused,
    since, due_at, due_day, batch_id, letter_number, profile_sha256, dossier)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[],
    $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::timestamptz[], $13::timestamptz[],
    $14::date[], $15::uuid[], $16::text[], $17::bytea[], $18::bytea[])
