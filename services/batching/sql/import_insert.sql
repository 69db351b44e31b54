-- New: imports of replies. A row that exists violates the key.
insert into import (tenant, id, version, batch_id, source, file_sha256, size, state, failure, layout, position,
    line, next_row, chunks, rows, changed, unchanged, refused, started_by, started_at, finished_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[],
    $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
    $16::bigint[], $17::bigint[], $18::bigint[], $19::uuid[], $20::timestamptz[], $21::timestamptz[])
