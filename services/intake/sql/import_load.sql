-- Imports locked in order. $1 tenant, $2 id
select tenant, id, version, kind, period, source, file_sha256, size, profile_sha256, state, layout, position,
    line, rows, created, changed, unchanged, refused, started_by, started_at, finished_at, put_off
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import using (tenant, id)
order by tenant, id
for update of import
