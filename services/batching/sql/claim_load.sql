-- Claims, locked in order. $1 tenant, $2 id
select tenant, id, holder
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join claim using (tenant, id)
order by tenant, id
for update of claim
