-- Postings of locked accounts. $1 tenant, $2 account
select tenant, account_id, ordinal, change, balance, version
from unnest ($1::bigint[], $2::uuid[]) k (tenant, account_id)
join posting using (tenant, account_id)
order by tenant, account_id, ordinal
