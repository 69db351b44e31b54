-- Changed rows, locked before.
update application x
set version = n.version, state = n.state, ticket = n.ticket, track = n.track, kk = n.kk, street = n.street, rt =
    n.rt, rw = n.rw, village = n.village, village_name = n.village_name, postal_code = n.postal_code,
    profile_sha256 = n.profile_sha256, entered_by = n.entered_by, entered_at = n.entered_at, source = n.source,
    payer = n.payer, held_by = n.held_by, returned_reason = n.returned_reason, ended_reason = n.ended_reason,
    content_version = n.content_version, judged_version = n.judged_version, missing = n.missing, since = n.since,
    act = n.act, role = n.role, due_at = n.due_at
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::uuid[],
    $16::timestamptz[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::bigint[],
    $23::bigint[], $24::text[], $25::timestamptz[], $26::text[], $27::text[], $28::timestamptz[]) n (tenant, id, version, state, ticket, track, kk, street,
    rt, rw, village, village_name, postal_code, profile_sha256, entered_by, entered_at, source, payer, held_by,
    returned_reason, ended_reason, content_version, judged_version, missing, since, act, role, due_at)
where x.tenant = n.tenant and x.id = n.id
