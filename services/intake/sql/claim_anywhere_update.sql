-- Changed rows, locked before.
update claim_anywhere x
set holder = n.holder, since = n.since
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::timestamptz[]) n (tenant, id, holder, since)
where x.tenant = n.tenant and x.id = n.id
