-- Entries after given positions, in order. $1 partition, $2 position, $3 limit
select e.position, e.partition, e.hash, e.envelope
from unnest ($1::integer[], $2::bigint[]) f (partition, position)
cross join lateral (
    select l.position, l.partition, l.hash, l.envelope from log l
    where l.partition = f.partition and l.position > f.position
    order by l.position limit $3::bigint
) e
order by e.position
limit $3::bigint
