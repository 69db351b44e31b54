-- Results of a bulk in order. $1 tenant, $2 bulk, $3 after this target, $4 limit
select ordinal, card_id, outcome, code, version
from bulk_target
where tenant = $1::bigint and bulk_id = $2::uuid and ordinal > $3::bigint
order by ordinal
limit $4::bigint
