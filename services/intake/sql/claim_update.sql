-- Changed rows, locked before.
update claim x
set application_id = n.application_id, ticket = n.ticket, since = n.since
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) n (tenant, id, application_id,
    ticket, since)
where x.tenant = n.tenant and x.id = n.id
