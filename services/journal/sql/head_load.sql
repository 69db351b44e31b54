-- Heads locked in order. $1 tenant, $2 id
select tenant, id, number, chain, signed
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join head using (tenant, id)
order by tenant, id
for update of head
