-- $1 tenants, $2 ids
select a.tenant, a.id, a.pairs, a.valid_until
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join answer a using (tenant, id)
order by a.tenant, a.id
for update of a
