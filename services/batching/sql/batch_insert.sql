-- New: batches. A row that exists violates the key.
insert into batch (tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at,
    applications, people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at,
    answered_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::date[], $9::timestamptz[], $10::uuid[], $11::timestamptz[], $12::integer[], $13::integer[], $14::integer[],
    $15::integer[], $16::bytea[], $17::bigint[], $18::bytea[], $19::text[], $20::text[], $21::timestamptz[],
    $22::timestamptz[])
