-- $1 tenant, $2 snapshot
select count (*) from membership where tenant = $1::bigint and version = $2::bigint
