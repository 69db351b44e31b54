-- People who may carry cards, locked in order. $1 tenant, $2 id
select tenant, id, version, grants
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join courier using (tenant, id)
order by tenant, id
for update of courier
