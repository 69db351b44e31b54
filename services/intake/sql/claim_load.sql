-- Claims on people locked in order. $1 tenant, $2 id
select tenant, id, application_id, ticket, since
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join claim using (tenant, id)
order by tenant, id
for update of claim
