-- One import, without its lock. $1 tenant, $2 id
select tenant, id, version, batch_id, source, file_sha256, size, state, failure, layout, position, line, next_row,
    chunks, rows, changed, unchanged, refused, started_by, started_at, finished_at
from import
where tenant = $1::bigint and id = $2::uuid
