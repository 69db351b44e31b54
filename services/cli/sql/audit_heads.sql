-- Where tenants' histories should stand; one whose head is gone stands at nothing. $1 tenant (0: all)
select tenant, coalesce (h.number, 0) as number, coalesce (h.chain, ''::bytea) as chain
from (select tenant from head union select distinct tenant from event) t left join head h using (tenant)
where $1::bigint = 0 or tenant = $1::bigint
order by tenant
