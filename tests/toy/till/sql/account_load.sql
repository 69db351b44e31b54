-- Accounts locked in order. $1 tenant, $2 id
select tenant, id, holder, balance, version, closed, statements, audits
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join account using (tenant, id)
order by tenant, id
for update of account
