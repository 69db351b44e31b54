-- The newest number of a tenant; no row before its first event. $1 tenant
select number from head where tenant = $1::bigint
