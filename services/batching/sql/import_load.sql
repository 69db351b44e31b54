-- Imports of replies, locked in order. $1 tenant, $2 id
select tenant, id, version, batch_id, source, file_sha256, size, state, failure, layout, position, line, next_row,
    chunks, rows, changed, unchanged, refused, started_by, started_at, finished_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import using (tenant, id)
order by tenant, id
for update of import
