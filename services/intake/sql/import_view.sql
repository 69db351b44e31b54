-- One import. $1 tenant, $2 id
select tenant, id, version, kind, period, source, file_sha256, size, profile_sha256, state, layout, position, line,
    rows, created, changed, unchanged, refused, started_by, started_at, finished_at, put_off
from import
where tenant = $1::bigint and id = $2::uuid
