-- Locks and reads rows of person. $1 tenants, $2 ids
select tenant, id, version, revision, state, login, name, password, grants, sessions_from, added_at,
    disabled_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join person x using (tenant, id)
order by tenant, id for update of x
