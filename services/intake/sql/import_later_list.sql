-- The first rows an import has put off and not decided. $1 tenant, $2 import, $3 limit
select packed
from import_later
where tenant = $1::bigint and import_id = $2::uuid and packed is not null
order by line
limit $3::bigint
