-- Changed sums, locked before.
update sum s set balance = n.balance, version = n.version, events = n.events
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[]) n (tenant, id, balance, version, events)
where s.tenant = n.tenant and s.id = n.id
