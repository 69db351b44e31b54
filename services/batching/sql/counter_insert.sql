-- New: counters. A row that exists violates the key.
insert into counter (tenant, id, name, value)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::integer[])
