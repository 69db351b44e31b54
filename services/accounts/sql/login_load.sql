-- Locks and reads rows of login. $1 tenants, $2 ids
select tenant, id, home, person_id
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join login x using (tenant, id)
order by tenant, id for update of x
