-- New rows of throttle: one array a column.
insert into throttle (tenant, id, failures, last_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::timestamptz[])
