-- New rows; one that exists violates the key.
insert into import (tenant, id, version, kind, period, source, file_sha256, size, profile_sha256, state, layout,
    position, line, rows, created, changed, unchanged, refused, started_by, started_at, finished_at,
    put_off)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::bytea[]), unnest ($8::bigint[]), unnest ($9::bytea[]), unnest ($10::text[]),
    unnest ($11::text[]), unnest ($12::bigint[]), unnest ($13::bigint[]), unnest ($14::bigint[]),
    unnest ($15::bigint[]), unnest ($16::bigint[]), unnest ($17::bigint[]), unnest ($18::bigint[]),
    unnest ($19::uuid[]), unnest ($20::timestamptz[]), unnest ($21::timestamptz[]),
    unnest ($22::bigint[])
