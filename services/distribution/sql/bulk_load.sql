-- Bulks, locked in order. $1 tenant, $2 id
select tenant, id, act, courier_id, asked_by, asked_at, targets, waiting
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join bulk using (tenant, id)
order by tenant, id
for update of bulk
