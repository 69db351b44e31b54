-- Letter numbers locked in order. $1 tenant, $2 id
select tenant, id, class_code, unit, year, last
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join letter_number using (tenant, id)
order by tenant, id
for update of letter_number
