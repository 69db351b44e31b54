-- $1 tenants, $2 ids: as they are until we commit
select r.tenant, r.id, r.name, r.current_version, r.newest_version, r.period, r.rows, r.switched_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join registry r using (tenant, id)
order by r.tenant, r.id
for share of r
