-- Current profiles locked in order. $1 tenant, $2 id
select tenant, id, sha256, version, since
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join profile_current using (tenant, id)
order by tenant, id
for update of profile_current
