-- $1 tenant, $2 application
select reasons from member
where tenant = $1::bigint and application_id = $2::uuid and not gone and reasons is not null
order by ordinal
