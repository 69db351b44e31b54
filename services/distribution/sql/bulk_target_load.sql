-- Targets of locked rows. $1 tenant, $2 bulk_id
select tenant, bulk_id, ordinal, card_id, expected, outcome, code, version
from unnest ($1::bigint[], $2::uuid[]) k (tenant, bulk_id)
join bulk_target using (tenant, bulk_id)
order by tenant, bulk_id, ordinal
