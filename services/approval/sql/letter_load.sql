-- Letters locked in order. $1 tenant, $2 id
select tenant, id, version, state, letter, track, profile_sha256, people, act, role, since, due_at,
    content_sha256, drafted_at, number, number_id, sequence, signed_at, signer_title, signer_name, signer_rank,
    signer_nip, pdf_sha256, pdf_size, delivered_to, receiver, delivered_at, reason
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join letter using (tenant, id)
order by tenant, id
for update of letter
