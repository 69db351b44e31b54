-- New rows of tenant: one array a column.
insert into tenant (tenant, id, version, code, name, zone, added_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::timestamptz[])
