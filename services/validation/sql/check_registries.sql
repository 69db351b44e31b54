-- Current snapshots of a tenant. $1 tenant
select name, current_version, period from registry where tenant = $1::bigint and current_version > 0
