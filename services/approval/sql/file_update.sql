-- Changed rows, locked before. One array a column.
update file x
set version = n.version, state = n.state, ticket = n.ticket, track = n.track, village = n.village, people =
    n.people, profile_sha256 = n.profile_sha256, dossier_id = n.dossier_id, letter_id = n.letter_id, act =
    n.act, role = n.role, since = n.since, due_at = n.due_at, entered_by = n.entered_by, sent_by = n.sent_by,
    reason = n.reason
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::integer[], $9::bytea[], $10::uuid[], $11::uuid[], $12::text[], $13::integer[], $14::timestamptz[],
    $15::timestamptz[], $16::uuid[], $17::uuid[], $18::text[]) n (tenant, id, version, state, ticket, track,
    village, people, profile_sha256, dossier_id, letter_id, act, role, since, due_at, entered_by, sent_by,
    reason)
where x.tenant = n.tenant and x.id = n.id
