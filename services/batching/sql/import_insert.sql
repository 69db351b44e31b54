-- New: imports of replies. A row that exists violates the key.
insert into import (tenant, id, version, batch_id, source, file_sha256, size, state, failure, layout, position,
    line, next_row, chunks, rows, changed, unchanged, refused, started_by, started_at, finished_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::uuid[]), unnest ($5::text[]),
    unnest ($6::bytea[]), unnest ($7::bigint[]), unnest ($8::text[]), unnest ($9::text[]), unnest ($10::text[]),
    unnest ($11::bigint[]), unnest ($12::bigint[]), unnest ($13::bigint[]), unnest ($14::bigint[]),
    unnest ($15::bigint[]), unnest ($16::bigint[]), unnest ($17::bigint[]), unnest ($18::bigint[]),
    unnest ($19::uuid[]), unnest ($20::timestamptz[]), unnest ($21::timestamptz[])
