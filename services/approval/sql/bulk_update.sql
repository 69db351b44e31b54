-- Changed rows, locked before. One array a column.
update bulk x
set act = n.act, asked_by = n.asked_by, asked_at = n.asked_at, waiting = n.waiting
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::integer[]) n (tenant, id,
    act, asked_by, asked_at, waiting)
where x.tenant = n.tenant and x.id = n.id
