-- Changed rows, locked before.
update head x
set number = n.number, chain = n.chain
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bytea[]) n (tenant, id, number, chain)
where x.tenant = n.tenant and x.id = n.id
