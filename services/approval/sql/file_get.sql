-- One file with what was sent. $1 tenant, $2 application
select f.act, f.state, f.version, f.letter_id, f.since, f.due_at, f.reason, f.village, f.profile_sha256, d.sent
from file f
join dossier d on d.tenant = f.tenant and d.id = f.dossier_id
where f.tenant = $1::bigint and f.id = $2::uuid
