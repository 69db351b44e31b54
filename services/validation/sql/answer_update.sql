-- one array a column, in the table's order
update answer a set pairs = n.pairs, valid_until = n.valid_until
from unnest ($1::bigint[], $2::uuid[], $3::bytea[], $4::timestamptz[]) n (tenant, id, pairs, valid_until)
where a.tenant = n.tenant and a.id = n.id
