-- New: people who may carry cards. A row that exists violates the key.
insert into courier (tenant, id, version, grants)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[])
