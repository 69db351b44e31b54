-- The procedures cards go by, and when they were expected. $1 tenant, $2 ids
select id, profile_sha256, due_at
from card
where tenant = $1::bigint and id = any ($2::uuid[])
