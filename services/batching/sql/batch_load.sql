-- Batches, locked in order. $1 tenant, $2 id
select tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at,
    applications, people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at,
    answered_at,
    profile_sha256, due_at, reconciler, archive_sha256,
    reconciled_at, reconciled_by
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join batch using (tenant, id)
order by tenant, id
for update of batch
