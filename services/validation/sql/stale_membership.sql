-- Open applications judged by a snapshot before this one. $1 tenant, $2 snapshot, $3 id to go on after (bytes: the first
-- is nil), $4 limit
select id, version
from application
where tenant = $1::bigint and state = 'open' and judged_version > 0 and membership_version < $2::bigint
    and id > encode ($3::bytea, 'hex')::uuid
order by id
limit $4::bigint
