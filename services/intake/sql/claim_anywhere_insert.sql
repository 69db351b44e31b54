-- New rows; one that exists violates the key.
insert into claim_anywhere (tenant, id, holder, since)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::timestamptz[])
