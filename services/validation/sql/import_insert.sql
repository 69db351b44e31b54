-- one array a column, in the table's order
insert into import (tenant, id, registry, snapshot, period, source, file_sha256, file_size, family_sha256,
    family_size, state, step, chunk, layout, next_offset, next_line, next_row, bytes_done, rows, kept, refused,
    problems, failure, started_at, finished_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[],
    $9::bytea[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::bigint[],
    $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::integer[],
    $23::text[], $24::timestamptz[], $25::timestamptz[])
