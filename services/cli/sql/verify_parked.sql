-- Parked entries ahead of their partition's position: they would be taken a second time.
select format ('entry %s of %s in partition %s, position is %s', p.position, p.log, p.partition, f.position)
from parked p left join follow f on f.log = p.log and f.partition = p.partition
where f.position is null or p.position > f.position
limit 20
