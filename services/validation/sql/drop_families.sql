-- The next numbers of a snapshot to be dropped. $1 tenant, $2 snapshot, $3 limit
select kk from poverty_family where tenant = $1::bigint and version = $2::bigint order by kk limit $3::bigint
