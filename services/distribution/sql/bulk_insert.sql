-- New: bulks. A row that exists violates the key.
insert into bulk (tenant, id, act, courier_id, asked_by, asked_at, targets, waiting)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::uuid[]), unnest ($5::uuid[]),
    unnest ($6::timestamptz[]), unnest ($7::integer[]), unnest ($8::integer[])
