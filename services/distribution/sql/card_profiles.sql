-- The procedures cards go by. $1 tenant, $2 ids
select id, profile_sha256
from card
where tenant = $1::bigint and id = any ($2::uuid[])
