-- Changed rows, locked before. One array a column.
update letter x
set version = n.version, state = n.state, letter = n.letter, track = n.track, profile_sha256 = n.profile_sha256,
    people = n.people, act = n.act, role = n.role, since = n.since, due_at = n.due_at, content_sha256 =
    n.content_sha256, drafted_at = n.drafted_at, number = n.number, number_id = n.number_id, sequence =
    n.sequence, signed_at = n.signed_at, signer_title = n.signer_title, signer_name = n.signer_name, signer_rank
    = n.signer_rank, signer_nip = n.signer_nip, pdf_sha256 = n.pdf_sha256, pdf_size = n.pdf_size, delivered_to =
    n.delivered_to, receiver = n.receiver, delivered_at = n.delivered_at, reason = n.reason
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[],
    $8::integer[], $9::text[], $10::integer[], $11::timestamptz[], $12::timestamptz[], $13::bytea[],
    $14::timestamptz[], $15::text[], $16::uuid[], $17::bigint[], $18::timestamptz[], $19::text[], $20::text[],
    $21::text[], $22::text[], $23::bytea[], $24::bigint[], $25::text[], $26::text[], $27::timestamptz[],
    $28::text[]) n (tenant, id, version, state, letter, track, profile_sha256, people, act, role, since, due_at,
    content_sha256, drafted_at, number, number_id, sequence, signed_at, signer_title, signer_name, signer_rank,
    signer_nip, pdf_sha256, pdf_size, delivered_to, receiver, delivered_at, reason)
where x.tenant = n.tenant and x.id = n.id
