-- one array a column, in the table's order
insert into import (tenant, id, registry, snapshot, period, source, file_sha256, file_size, family_sha256,
    family_size, state, step, chunk, layout, next_offset, next_line, next_row, bytes_done, rows, kept, refused,
    problems, failure, started_at, finished_at, same_as, usable)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::bigint[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::bytea[]), unnest ($8::bigint[]), unnest ($9::bytea[]), unnest ($10::bigint[]),
    unnest ($11::text[]), unnest ($12::text[]), unnest ($13::bigint[]), unnest ($14::text[]), unnest ($15::bigint[]),
    unnest ($16::bigint[]), unnest ($17::bigint[]), unnest ($18::bigint[]), unnest ($19::bigint[]),
    unnest ($20::bigint[]), unnest ($21::bigint[]), unnest ($22::integer[]), unnest ($23::text[]),
    unnest ($24::timestamptz[]), unnest ($25::timestamptz[]), unnest ($26::uuid[]),
    unnest ($27::bigint[])
