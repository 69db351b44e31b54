-- New rows of throttle: one array a column.
insert into throttle (tenant, id, failures, last_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::timestamptz[])
