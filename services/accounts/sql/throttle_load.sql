-- Locks and reads rows of throttle. $1 tenants, $2 ids
select tenant, id, failures, last_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join throttle x using (tenant, id)
order by tenant, id for update of x
