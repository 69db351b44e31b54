-- Changed, locked before: cards.
update card x
set version = n.version, state = n.state, application_id = n.application_id, member_id = n.member_id, name = n.name,
    card_number = n.card_number, village = n.village, fetched = n.fetched, couriers = n.couriers, profile_sha256 =
    n.profile_sha256, courier_id = n.courier_id, receiver = n.receiver, relation = n.relation, proof_sha256 =
    n.proof_sha256, reason = n.reason, expected_at = n.expected_at, since = n.since, due_at = n.due_at,
    proof_asked = n.proof_asked
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
    $9::text[], $10::boolean[], $11::integer[], $12::bytea[], $13::uuid[], $14::text[], $15::text[], $16::bytea[],
    $17::text[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
    $21::boolean[])
    n (tenant, id, version, state, application_id, member_id, name, card_number, village, fetched, couriers,
        profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at,
        proof_asked)
where x.tenant = n.tenant and x.id = n.id
