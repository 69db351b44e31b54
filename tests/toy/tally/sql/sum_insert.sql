-- New sums; one that exists violates the key.
insert into sum (tenant, id, balance, version, events)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::bigint[]), unnest ($5::bigint[])
