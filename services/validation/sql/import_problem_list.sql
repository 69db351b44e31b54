-- $1 tenant, $2 import, $3 after this ordinal, $4 limit
select ordinal, line, field, code, detail, warning
from import_problem
where tenant = $1::bigint and import_id = $2::uuid and ordinal > $3::integer
order by ordinal
limit $4::bigint
