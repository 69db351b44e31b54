-- Whose token or secret this is, of all tenants. Both hashes are unique over random bytes: at most one row. $1 SHA-256
select s.tenant, s.id, s.person_id, p.name, p.grants, false as is_key, s.seen_at, s.expires_at, '' as scope
from session s
join person p on p.tenant = s.tenant and p.id = s.person_id
where s.token_sha256 = $1::bytea and s.ended_at is null and p.state = 'active' and s.started_at > p.sessions_from
union all
select k.tenant, k.id, k.person_id, p.name, p.grants, true, k.created_at, k.expires_at, k.scope
from api_key k
join person p on p.tenant = k.tenant and p.id = k.person_id
where k.secret_sha256 = $1::bytea and k.revoked_at is null and p.state = 'active'
