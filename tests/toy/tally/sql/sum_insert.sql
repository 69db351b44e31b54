-- New sums; one that exists violates the key.
insert into sum (tenant, id, balance, version, events)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])
