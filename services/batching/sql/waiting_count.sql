-- What waits on a track. $1 tenant, $2 track
select count (*), min (due_day) - date '1970-01-01'
from waiting
where tenant = $1::bigint and track = $2::text and state = 'waiting'
