-- one array a column, in the table's order
update claim c set holder = n.holder, application_id = n.application_id
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[]) n (tenant, id, holder, application_id)
where c.tenant = n.tenant and c.id = n.id
