-- Cards, locked in order. $1 tenant, $2 id
select tenant, id, version, state, application_id, member_id, name, card_number, village, fetched, couriers,
    profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at,
    proof_asked
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join card using (tenant, id)
order by tenant, id
for update of card
