-- Checkpoints in order. $1 tenant (0: all), $2 and $3 tenant and number of the last one seen, $4 limit
select tenant, number, chain, at, signature
from checkpoint
where ($1::bigint = 0 or tenant = $1::bigint) and (tenant, number) > ($2::bigint, $3::bigint)
order by tenant, number
limit $4::bigint
