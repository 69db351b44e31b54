-- New: people who may carry cards. A row that exists violates the key.
insert into courier (tenant, id, version, grants)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[])
