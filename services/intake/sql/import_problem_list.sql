-- A page of what was wrong, by line. $1 tenant, $2 import, $3 and $4 line and id of the last one before (0 and nil: from
-- the start), $5 limit
select line, column_name, code, detail, id, warning
from import_problem
where tenant = $1::bigint and import_id = $2::uuid
    and ($3::bigint = 0 or (line, id) > ($3::bigint, $4::uuid))
order by line, id
limit $5::bigint
