-- $1 tenants, $2 ids. An answer that has expired is not there.
select a.tenant, a.id, a.pairs, a.valid_until
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join answer a using (tenant, id)
where a.valid_until > now ()
order by a.tenant, a.id
for update of a
