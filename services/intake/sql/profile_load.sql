-- Profiles locked in order. $1 tenant, $2 id
select tenant, id, sha256, version, yaml, published_by, published_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join profile using (tenant, id)
order by tenant, id
for update of profile
