-- How many targets of a bulk wait. $1 tenant, $2 id
select waiting from bulk where tenant = $1::bigint and id = $2::uuid
