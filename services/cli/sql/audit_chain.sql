-- The chain of one event. $1 tenant, $2 number
select chain from event where tenant = $1::bigint and number = $2::bigint
