-- Changed rows, locked before.
update profile_current x
set sha256 = n.sha256, version = n.version, since = n.since
from unnest ($1::bigint[], $2::uuid[], $3::bytea[], $4::integer[], $5::timestamptz[]) n (tenant, id, sha256,
    version, since)
where x.tenant = n.tenant and x.id = n.id
