-- Rows put off locked in order. $1 tenant, $2 id
select tenant, id, import_id, line, packed
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import_later using (tenant, id)
order by tenant, id
for update of import_later
