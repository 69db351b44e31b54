-- Words of officers about these applications, and what a guess at their messages could be tried on. The chain covers
-- neither. $1 tenant, $2 applications
update event set salt = null, detail = null
where tenant = $1::bigint and application_id = any ($2::uuid[]) and (salt is not null or detail is not null)
