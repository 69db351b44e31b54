-- one array a column, in the table's order
insert into registry (tenant, id, name, current_version, newest_version, period, rows, switched_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::timestamptz[])
