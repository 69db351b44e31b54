-- Acts done on a letter, in order. $1 tenant, $2 letter
select tenant, letter_id, ordinal, act, kind, role, person_id, name, at, content_sha256, voided_at
from letter_act
where tenant = $1::bigint and letter_id = $2::uuid
order by ordinal
