-- Changed rows, locked before.
update head x
set number = n.number, chain = n.chain, signed = n.signed
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bytea[], $5::bigint[]) n (tenant, id, number, chain, signed)
where x.tenant = n.tenant and x.id = n.id
