-- Cards by when they were expected. $1 tenant, $2 state ('': any), $3 place ('': any) and those below it, $4 courier
-- (null: any), $5 $6 after this time and id ($5 null: from the first), $7 limit
select tenant, id, version, state, application_id, member_id, name, card_number, village, fetched, couriers,
    profile_sha256, courier_id, receiver, relation, proof_sha256, reason, expected_at, since, due_at,
    proof_asked
from card
where tenant = $1::bigint and ($2::text = '' or state = $2::text)
    and ($3::text = '' or village = $3::text or starts_with (village, $3::text || '.'))
    and ($4::uuid is null or courier_id = $4::uuid)
    and ($5::timestamptz is null or (expected_at, id) > ($5::timestamptz, $6::uuid))
order by expected_at, id
limit $7::bigint
