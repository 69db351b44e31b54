-- The person. $1 tenant, $2 applications, $3 NIK
delete from person
where tenant = $1::bigint and application_id = any ($2::uuid[]) and nik = $3::bigint
