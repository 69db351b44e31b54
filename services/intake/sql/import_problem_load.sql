-- Problems of imports locked in order. $1 tenant, $2 id
select tenant, id, import_id, line, column_name, code, detail, warning
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import_problem using (tenant, id)
order by tenant, id
for update of import_problem
