-- Changed rows, locked before.
update import x
set version = n.version, kind = n.kind, period = n.period, source = n.source, file_sha256 = n.file_sha256, size
    = n.size, profile_sha256 = n.profile_sha256, state = n.state, layout = n.layout, position = n.position, line
    = n.line, rows = n.rows, created = n.created, changed = n.changed, unchanged = n.unchanged, refused =
    n.refused, started_by = n.started_by, started_at = n.started_at, finished_at = n.finished_at,
    put_off = n.put_off
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[],
    $8::bigint[], $9::bytea[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
    $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::uuid[], $20::timestamptz[],
    $21::timestamptz[], $22::bigint[]) n (tenant, id, version, kind, period, source, file_sha256, size, profile_sha256, state,
    layout, position, line, rows, created, changed, unchanged, refused, started_by, started_at, finished_at, put_off)
where x.tenant = n.tenant and x.id = n.id
