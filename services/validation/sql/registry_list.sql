-- Snapshots that were completed, newest first. $1 tenant
select i.registry, i.snapshot, i.period, i.kept, i.finished_at, i.snapshot = r.current_version
from import i
join registry r on r.tenant = i.tenant and r.name = i.registry
where i.tenant = $1::bigint and i.state = 'done' and i.same_as is null
order by i.registry, i.snapshot desc
limit 200
