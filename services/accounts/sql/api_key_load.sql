-- Locks and reads rows of api_key. $1 tenants, $2 ids
select tenant, id, person_id, name, secret_sha256, created_at, expires_at, revoked_at, scope
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join api_key x using (tenant, id)
order by tenant, id for update of x
