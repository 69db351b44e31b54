-- Changed, locked before: counters.
update counter x
set name = n.name, value = n.value
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::integer[])
    n (tenant, id, name, value)
where x.tenant = n.tenant and x.id = n.id
