-- Files that shall be on a letter, in the order asked for. $1 tenant, $2 applications
select f.id as application_id, f.dossier_id, d.sent, f.profile_sha256
from unnest ($2::uuid[]) with ordinality k (id, n)
join file f on f.tenant = $1::bigint and f.id = k.id
join dossier d on d.tenant = f.tenant and d.id = f.dossier_id
order by k.n
