-- Our places in one log. $1 log
select partition, position, epoch, last_position, last_hash from follow where log = $1::text order by partition
