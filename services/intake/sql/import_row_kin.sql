-- What earlier pushes said of these families. $1 tenant, $2 applications
select application_id, id from import_row where tenant = $1::bigint and application_id = any ($2::uuid[])
