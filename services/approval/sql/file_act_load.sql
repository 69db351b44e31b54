-- Acts done on locked files. $1 tenant, $2 file
select tenant, file_id, ordinal, act, person_id, name, at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, file_id)
join file_act using (tenant, file_id)
order by tenant, file_id, ordinal
