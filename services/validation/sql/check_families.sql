-- The same of families. $1 tenant, $2 version, $3 KK
select kk, coalesce (decile, -1) as decile from poverty_family
where tenant = $1::bigint and version = $2::bigint and kk = any ($3::bigint[])
