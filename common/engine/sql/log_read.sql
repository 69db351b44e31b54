-- Entries after given positions, in order. A follower's partitions stand close together, so one walk along the
-- positions finds them all. $1 position by partition (element 1 is partition 0; the highest number: not asked for), $2 the lowest of
-- them, $3 limit
select l.position, l.partition, l.hash, l.envelope
from log l
where l.position > $2::bigint and l.position > ($1::bigint[])[l.partition + 1]
order by l.position
limit $3::bigint
