-- New rows; one that exists violates the key.
insert into head (tenant, id, number, chain, signed)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::bytea[]), unnest ($5::bigint[])
