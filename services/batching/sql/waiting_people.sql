-- How many people wait for a batch. $1 tenant, $2 track ('': any)
select coalesce (sum (people - refused), 0)::bigint
from waiting
where tenant = $1::bigint and state = 'waiting' and ($2::text = '' or track = $2::text)
