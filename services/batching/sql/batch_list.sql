-- Batches, newest first, those that came to nothing not. $1 tenant, $2 state ('': any), $3 $4 after this start and id
-- ($3 null: from the newest), $5 limit
select tenant, id, version, track, number, state, reason, until_day, started_at, started_by, closed_at, applications,
    people, accepted, refused, file_sha256, file_size, manifest_sha256, channel, receipt, sent_at, answered_at,
    profile_sha256, due_at, reconciler, archive_sha256,
    reconciled_at, reconciled_by
from batch
where tenant = $1::bigint and (state = $2::text or ($2::text = '' and state <> 'empty'))
    and ($3::timestamptz is null or (started_at, id) < ($3::timestamptz, $4::uuid))
order by started_at desc, id desc
limit $5::bigint
