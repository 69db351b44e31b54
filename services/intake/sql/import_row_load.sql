-- Rows of imports locked in order. $1 tenant, $2 id
select tenant, id, content, other, application_id, member_id, import_id, same_as
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import_row using (tenant, id)
order by tenant, id
for update of import_row
