-- A bulk. $1 tenant, $2 bulk
select waiting, asked_by from bulk where tenant = $1::bigint and id = $2::uuid
