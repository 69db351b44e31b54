-- New rows; one that exists violates the key. One array a column.
insert into bulk (tenant, id, act, asked_by, asked_at, waiting)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::uuid[]),
    unnest ($5::timestamptz[]), unnest ($6::integer[])
