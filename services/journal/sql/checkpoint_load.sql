-- None: rows of checkpoint are only ever added. $1 tenant, $2 head
select tenant, null::uuid as head, 0 as ordinal, number, chain, at, signature
from checkpoint
where false and tenant = any ($1::bigint[]) and $2::uuid[] is not null
