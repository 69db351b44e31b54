-- Changed, locked before: imports of replies.
update import x
set version = n.version, batch_id = n.batch_id, source = n.source, file_sha256 = n.file_sha256, size = n.size, state
    = n.state, failure = n.failure, layout = n.layout, position = n.position, line = n.line, next_row = n.next_row,
    chunks = n.chunks, rows = n.rows, changed = n.changed, unchanged = n.unchanged, refused = n.refused, started_by
    = n.started_by, started_at = n.started_at, finished_at = n.finished_at
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[], $8::text[],
    $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
    $16::bigint[], $17::bigint[], $18::bigint[], $19::uuid[], $20::timestamptz[], $21::timestamptz[])
    n (tenant, id, version, batch_id, source, file_sha256, size, state, failure, layout, position, line, next_row,
        chunks, rows, changed, unchanged, refused, started_by, started_at, finished_at)
where x.tenant = n.tenant and x.id = n.id
