-- The list of locked letters. $1 tenant, $2 letter
select tenant, letter_id, ordinal, application_id, dossier_id
from unnest ($1::bigint[], $2::uuid[]) k (tenant, letter_id)
join letter_file using (tenant, letter_id)
order by tenant, letter_id, ordinal
