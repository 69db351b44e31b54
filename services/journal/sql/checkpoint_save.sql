-- New rows. One array a column; head and ordinal are not kept.
insert into checkpoint (tenant, number, chain, at, signature)
select tenant, number, chain, at, signature
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[], $5::bytea[], $6::timestamptz[], $7::bytea[]) n
    (tenant, head, ordinal, number, chain, at, signature)
