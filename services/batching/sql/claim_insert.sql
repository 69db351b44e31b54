-- New: claims. A row that exists violates the key.
insert into claim (tenant, id, holder)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[])
