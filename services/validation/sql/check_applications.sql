-- Applications of a claim that are still as they were scheduled. $1 tenant, $2 ids, $3 versions
select a.tenant, a.id, a.version, a.state, a.source, a.track, a.kk, a.kk_reason, a.profile, a.street, a.entered_at,
    a.judged_version, a.judged_at, a.waits, a.poverty_version, a.membership_version,
    a.village
from unnest ($2::uuid[], $3::bigint[]) k (id, version)
join application a using (id, version)
where a.tenant = $1::bigint and a.state = 'open'
order by a.id
