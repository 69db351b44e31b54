-- Locks and reads rows of session. $1 tenants, $2 ids
select tenant, id, person_id, token_sha256, user_agent, started_at, expires_at, seen_at, ended_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join session x using (tenant, id)
order by tenant, id for update of x
