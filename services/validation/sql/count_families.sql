-- $1 tenant, $2 snapshot
select count (*) from poverty_family where tenant = $1::bigint and version = $2::bigint
