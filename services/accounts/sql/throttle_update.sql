-- Changed rows of throttle: one array a column.
update throttle x set failures = n.failures, last_at = n.last_at
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::timestamptz[])
    n (tenant, id, failures, last_at)
where x.tenant = n.tenant and x.id = n.id
