-- New rows; one that exists violates the key.
insert into claim_anywhere (tenant, id, holder, since)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::timestamptz[])
