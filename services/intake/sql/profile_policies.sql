-- What a tenant has published, newest first. $1 tenant, $2 limit
select yaml from profile where tenant = $1::bigint order by version desc limit $2::bigint
