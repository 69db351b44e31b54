-- Sums locked in order. $1 tenant, $2 id
select tenant, id, balance, version, events
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join sum using (tenant, id)
order by tenant, id
for update of sum
