-- Changed rows, locked before.
update import_later x
set import_id = n.import_id, line = n.line, packed = n.packed
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[]) n (tenant, id, import_id, line, packed)
where x.tenant = n.tenant and x.id = n.id
