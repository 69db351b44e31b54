-- Dossiers locked in order. $1 tenant, $2 id
select tenant, id, application_id, version, sent
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join dossier using (tenant, id)
order by tenant, id
for update of dossier
