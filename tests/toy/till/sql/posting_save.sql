-- New or changed postings.
insert into posting (tenant, account_id, ordinal, change, balance, version)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::bigint[]),
    unnest ($5::bigint[]), unnest ($6::bigint[])
on conflict (tenant, account_id, ordinal) do update
set change = excluded.change, balance = excluded.balance, version = excluded.version
