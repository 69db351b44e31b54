-- Where people of known rows are, the row that keeps them, and the NIK they have there; null: none. $1 tenant, $2 row ids
select n.id, r.application_id, m.nik, r.id
from import_row n
join import_row r on r.tenant = n.tenant and r.id = coalesce (n.same_as, n.id)
left join member m on m.tenant = r.tenant and m.application_id = r.application_id and m.member_id = r.member_id
where n.tenant = $1::bigint and n.id = any ($2::uuid[])
