-- How many of what are in which state. $1 tenant
select what, code, count from total where tenant = $1::bigint and count <> 0 order by what, code
