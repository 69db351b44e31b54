-- one array a column, in the table's order
update import i
set registry = n.registry, snapshot = n.snapshot, period = n.period, source = n.source, file_sha256 =
    n.file_sha256, file_size = n.file_size, family_sha256 = n.family_sha256, family_size = n.family_size, state =
    n.state, step = n.step, chunk = n.chunk, layout = n.layout, next_offset = n.next_offset, next_line =
    n.next_line, next_row = n.next_row, bytes_done = n.bytes_done, rows = n.rows, kept = n.kept, refused =
    n.refused, problems = n.problems, failure = n.failure, started_at = n.started_at, finished_at = n.finished_at,
    same_as = n.same_as, usable = n.usable
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[],
    $9::bytea[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::bigint[],
    $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::integer[],
    $23::text[], $24::timestamptz[], $25::timestamptz[], $26::uuid[], $27::bigint[])
    n (tenant, id, registry, snapshot, period, source, file_sha256, file_size, family_sha256, family_size, state,
       step, chunk, layout, next_offset, next_line, next_row, bytes_done, rows, kept, refused, problems, failure,
       started_at, finished_at, same_as, usable)
where i.tenant = n.tenant and i.id = n.id
