-- The next numbers of a snapshot to be dropped. $1 tenant, $2 snapshot, $3 limit
select distinct nik from membership where tenant = $1::bigint and version = $2::bigint order by nik limit $3::bigint
