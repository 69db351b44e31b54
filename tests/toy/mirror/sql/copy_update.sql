-- Changed copies, locked before.
update copy c
set balance = n.balance, version = n.version, events = n.events, trail = n.trail, mended = n.mended,
    log_version = n.log_version
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[]) n (tenant, id, balance, version, events, trail, mended, log_version)
where c.tenant = n.tenant and c.id = n.id
