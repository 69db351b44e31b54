-- Where an application stands. $1 tenant, $2 application
select ticket, state, holder, waits_for, due_at, place
from story
where tenant = $1::bigint and id = $2::uuid and kind = 'application' and version > 0
