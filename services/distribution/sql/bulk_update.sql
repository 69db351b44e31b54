-- Changed, locked before: bulks.
update bulk x
set act = n.act, courier_id = n.courier_id, asked_by = n.asked_by, asked_at = n.asked_at, targets = n.targets,
    waiting = n.waiting
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::integer[],
    $8::integer[])
    n (tenant, id, act, courier_id, asked_by, asked_at, targets, waiting)
where x.tenant = n.tenant and x.id = n.id
