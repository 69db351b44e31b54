-- $1 tenants, $2 ids
select a.tenant, a.id, a.version, a.state, a.source, a.track, a.kk, a.kk_reason, a.profile, a.street, a.entered_at,
    a.judged_version, a.judged_at, a.waits, a.poverty_version, a.membership_version,
    a.village
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join application a using (tenant, id)
order by a.tenant, a.id
for update of a
