-- Where people of known rows are, and the NIK they have there; null: none. $1 tenant, $2 row ids
select r.id, r.application_id, m.nik
from import_row r
left join member m on m.tenant = r.tenant and m.application_id = r.application_id and m.member_id = r.member_id
where r.tenant = $1::bigint and r.id = any ($2::uuid[])
