-- New rows; one that exists violates the key.
insert into import (tenant, id, version, kind, period, source, file_sha256, size, profile_sha256, state, layout,
    position, line, rows, created, changed, unchanged, refused, started_by, started_at, finished_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[],
    $8::bigint[], $9::bytea[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
    $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::uuid[], $20::timestamptz[],
    $21::timestamptz[])
