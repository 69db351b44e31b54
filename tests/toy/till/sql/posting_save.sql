-- New or changed postings.
insert into posting (tenant, account_id, ordinal, change, balance, version)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
on conflict (tenant, account_id, ordinal) do update
set change = excluded.change, balance = excluded.balance, version = excluded.version
