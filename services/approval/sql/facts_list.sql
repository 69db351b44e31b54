-- A letter's list in order. $1 tenant, $2 letter, $3 with what was sent
select f.application_id, f.dossier_id, d.sent
from letter_file f
left join dossier d on $3::boolean and d.tenant = f.tenant and d.id = f.dossier_id
where f.tenant = $1::bigint and f.letter_id = $2::uuid
order by f.ordinal
