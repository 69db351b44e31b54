-- one array a column, in the table's order
insert into registry (tenant, id, name, current_version, newest_version, period, rows, switched_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::bigint[]), unnest ($5::bigint[]),
    unnest ($6::text[]), unnest ($7::bigint[]), unnest ($8::timestamptz[])
