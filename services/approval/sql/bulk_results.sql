-- Results of a bulk in order. $1 tenant, $2 bulk, $3 ordinal of the last one seen or -1, $4 lines
select t.ordinal, t.target_id, t.outcome, t.code, t.version
from bulk_target t
where t.tenant = $1::bigint and t.bulk_id = $2::uuid and t.ordinal > $3::integer
order by t.ordinal
limit $4::bigint
