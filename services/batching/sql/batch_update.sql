-- Changed, locked before: batches.
update batch x
set version = n.version, track = n.track, number = n.number, state = n.state, reason = n.reason, until_day =
    n.until_day, started_at = n.started_at, started_by = n.started_by, closed_at = n.closed_at, applications =
    n.applications, people = n.people, accepted = n.accepted, refused = n.refused, file_sha256 = n.file_sha256,
    file_size = n.file_size, manifest_sha256 = n.manifest_sha256, channel = n.channel, receipt = n.receipt, sent_at
    = n.sent_at, answered_at = n.answered_at, profile_sha256 = n.profile_sha256, due_at = n.due_at, reconciler =
    n.reconciler, archive_sha256 = n.archive_sha256, reconciled_at = n.reconciled_at, reconciled_by = n.reconciled_by
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
    $9::timestamptz[], $10::uuid[], $11::timestamptz[], $12::integer[], $13::integer[], $14::integer[],
    $15::integer[], $16::bytea[], $17::bigint[], $18::bytea[], $19::text[], $20::text[], $21::timestamptz[],
    $22::timestamptz[], $23::bytea[], $24::timestamptz[], $25::text[], $26::bytea[], $27::timestamptz[], $28::uuid[])
    n (tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at, applications,
        people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at, answered_at,
        profile_sha256, due_at, reconciler, archive_sha256, reconciled_at, reconciled_by)
where x.tenant = n.tenant and x.id = n.id
