-- Changed, locked before: people who may carry cards.
update courier x
set version = n.version, grants = n.grants
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[])
    n (tenant, id, version, grants)
where x.tenant = n.tenant and x.id = n.id
