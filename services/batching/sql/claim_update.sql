-- Changed, locked before: claims.
update claim x
set holder = n.holder
from unnest ($1::bigint[], $2::uuid[], $3::uuid[])
    n (tenant, id, holder)
where x.tenant = n.tenant and x.id = n.id
