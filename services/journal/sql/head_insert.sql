-- New rows; one that exists violates the key.
insert into head (tenant, id, number, chain)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bytea[])
