-- What a message about a file needs. $1 tenant, $2 application
select f.profile_sha256, f.dossier_id, f.letter_id, d.sent
from file f
join dossier d on d.tenant = f.tenant and d.id = f.dossier_id
where f.tenant = $1::bigint and f.id = $2::uuid
