-- Letters, newest first. $1 tenant, $2 state or '', $3 drafted at and $4 id of the last one seen (null: the newest), $5 lines
select tenant, id, version, state, letter, track, profile_sha256, people, act, role, since, due_at,
    content_sha256, drafted_at, number, number_id, sequence, signed_at, signer_title, signer_name, signer_rank,
    signer_nip, pdf_sha256, pdf_size, delivered_to, receiver, delivered_at, reason
from letter
where tenant = $1::bigint and ($2::text = '' or state = $2::text)
    and ($3::timestamptz is null or (drafted_at, id) < ($3::timestamptz, $4::uuid))
order by drafted_at desc, id desc
limit $5::bigint
