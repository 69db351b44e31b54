-- One batch, without its lock. $1 tenant, $2 id
select tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at, applications,
    people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at, answered_at,
    profile_sha256, due_at, reconciler, archive_sha256,
    reconciled_at, reconciled_by
from batch
where tenant = $1::bigint and id = $2::uuid
