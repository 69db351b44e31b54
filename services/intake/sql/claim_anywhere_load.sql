-- Blind claims locked in order. $1 tenant, $2 id
select tenant, id, holder, since
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join claim_anywhere using (tenant, id)
order by tenant, id
for update of claim_anywhere
