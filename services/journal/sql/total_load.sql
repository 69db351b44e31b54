-- Rows of total by parent. $1 tenant, $2 head
select tenant, head, ordinal, what, code, count
from unnest ($1::bigint[], $2::uuid[]) k (tenant, head)
join total using (tenant, head)
order by tenant, head, ordinal
