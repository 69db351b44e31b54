-- Whose keys these are. $1 tenants, $2 ids
select k.tenant, k.id, k.person_id
from unnest ($1::bigint[], $2::uuid[]) w (tenant, id)
join api_key k using (tenant, id)
