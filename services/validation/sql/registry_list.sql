-- The newest snapshots of each registry that were completed. $1 tenant
select r.name, s.snapshot, s.period, s.kept, s.finished_at, s.snapshot = r.current_version
from registry r
cross join lateral (
    select i.snapshot, i.period, i.kept, i.finished_at
    from import i
    where i.tenant = r.tenant and i.registry = r.name and i.state = 'done' and i.same_as is null
    order by i.snapshot desc
    limit 100
) s
where r.tenant = $1::bigint
order by r.name, s.snapshot desc
