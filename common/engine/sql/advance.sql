-- Moves our positions in a followed log from → to by compare-and-set; rows locked in order. As many rows as given, or
-- somebody else moved them. $1 log, $2 partition, $3 from, $4 to, $5 last_position, $6 last_hash
with wanted as (
    select log, partition, "from", "to", last_position, last_hash
    from unnest ($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])
        w (log, partition, "from", "to", last_position, last_hash)
), locked as (
    select f.log, f.partition from follow f join wanted w using (log, partition)
    order by f.log, f.partition for update of f
)
update follow f
set position = w."to", last_position = w.last_position, last_hash = w.last_hash
from wanted w, locked l
where l.log = w.log and l.partition = w.partition
    and f.log = w.log and f.partition = w.partition and f.position = w."from"
