-- API keys of a tenant. $1 tenant, $2 after this id (null: from the first), $3 limit
select id, person_id, name, scope, created_at, expires_at, revoked_at
from api_key
where tenant = $1::bigint and ($2::uuid is null or id > $2::uuid)
order by id
limit $3::bigint
