-- one array a column, in the table's order
update registry r
set name = n.name, current_version = n.current_version, newest_version = n.newest_version, period = n.period, rows
    = n.rows, switched_at = n.switched_at
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::timestamptz[])
    n (tenant, id, name, current_version, newest_version, period, rows, switched_at)
where r.tenant = n.tenant and r.id = n.id
