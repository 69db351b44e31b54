-- Lines of an import that changed nothing. $1 tenant, $2 import, $3 after this line, $4 limit
select line, column_name, code
from import_problem
where tenant = $1::bigint and import_id = $2::uuid and line > $3::bigint
order by line
limit $4::bigint
