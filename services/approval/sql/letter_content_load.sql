-- Contents locked in order. $1 tenant, $2 id
select tenant, id, content
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join letter_content using (tenant, id)
order by tenant, id
for update of letter_content
