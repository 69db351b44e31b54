-- $1 tenants, $2 ids
select c.tenant, c.id, c.holder, c.application_id
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join claim c using (tenant, id)
order by c.tenant, c.id
for update of c
