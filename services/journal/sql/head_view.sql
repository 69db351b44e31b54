-- Where a tenant's history stands. $1 tenant
select number, chain from head where tenant = $1::bigint
