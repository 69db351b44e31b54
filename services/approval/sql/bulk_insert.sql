-- New rows; one that exists violates the key. One array a column.
insert into bulk (tenant, id, act, asked_by, asked_at, waiting)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::integer[])
