-- $1 tenant, $2 application
select judged_version, judged_at, village from application where tenant = $1::bigint and id = $2::uuid
