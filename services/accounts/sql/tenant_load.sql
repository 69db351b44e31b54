-- Locks and reads rows of tenant. $1 tenants, $2 ids
select tenant, id, version, code, name, zone, added_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join tenant x using (tenant, id)
order by tenant, id for update of x
