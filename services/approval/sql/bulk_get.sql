-- A bulk. $1 tenant, $2 bulk
select waiting from bulk where tenant = $1::bigint and id = $2::uuid
