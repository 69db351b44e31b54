-- Changed rows, locked before. One array a column.
update letter_number x
set class_code = n.class_code, unit = n.unit, year = n.year, last = n.last
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[]) n (tenant, id,
    class_code, unit, year, last)
where x.tenant = n.tenant and x.id = n.id
