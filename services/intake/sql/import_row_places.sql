-- Where people of known rows are. $1 tenant, $2 row ids
select id, application_id from import_row where tenant = $1::bigint and id = any ($2::uuid[])
