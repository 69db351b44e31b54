-- The load that made the current snapshot, if it was of the same files for the same month and nothing between the two
-- is still under way. $1 tenant, $2 import
select c.id, c.snapshot, c.rows, c.refused
from import i
join registry r on r.tenant = i.tenant and r.name = i.registry
join import c on c.tenant = r.tenant and c.registry = r.name and c.snapshot = r.current_version
where i.tenant = $1::bigint and i.id = $2::uuid and c.period = i.period and c.file_sha256 = i.file_sha256
    and c.family_sha256 is not distinct from i.family_sha256
    and not exists (
        select from import n
        where n.tenant = i.tenant and n.registry = i.registry and n.snapshot > c.snapshot and n.snapshot < i.snapshot
            and n.finished_at is null)
