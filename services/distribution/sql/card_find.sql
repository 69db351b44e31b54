-- One card, without its lock. $1 tenant, $2 id
select tenant, id, version, state, application_id, member_id, name, card_number, village, fetched, couriers,
    profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at,
    proof_asked
from card
where tenant = $1::bigint and id = $2::uuid
