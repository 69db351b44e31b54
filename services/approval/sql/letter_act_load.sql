-- Acts done on locked letters. $1 tenant, $2 letter
select tenant, letter_id, ordinal, act, kind, role, person_id, name, at, content_sha256, voided_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, letter_id)
join letter_act using (tenant, letter_id)
order by tenant, letter_id, ordinal
