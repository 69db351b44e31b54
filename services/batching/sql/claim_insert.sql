-- New: claims. A row that exists violates the key.
insert into claim (tenant, id, holder)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[])
