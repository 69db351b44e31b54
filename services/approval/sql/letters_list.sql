-- Letters about nobody who lives elsewhere than at these places, newest first. $1 tenant, $2 state or '', $3 drafted at
-- and $4 id of the last one seen (null: the newest), $5 places, '' the whole tenant, $6 lines
select tenant, id, version, state, letter, track, profile_sha256, people, act, role, since, due_at,
    content_sha256, drafted_at, number, number_id, sequence, signed_at, signer_title, signer_name, signer_rank,
    signer_nip, pdf_sha256, pdf_size, delivered_to, receiver, delivered_at, reason
from letter
where tenant = $1::bigint and ($2::text = '' or state = $2::text)
    and ($3::timestamptz is null or (drafted_at, id) < ($3::timestamptz, $4::uuid))
    and ('' = any ($5::text[]) or not exists (select from letter_file i
        join file f on f.tenant = i.tenant and f.id = i.application_id
        where i.tenant = letter.tenant and i.letter_id = letter.id
            and not exists (select from unnest ($5::text[]) g (place)
                where f.village = g.place or starts_with (f.village, g.place || '.'))))
order by drafted_at desc, id desc
limit $6::bigint
