-- Takes parked entries; those that fail again are put back by the same transaction. $1 log, $2 position
with locked as (
    select p.log, p.position from parked p
    join unnest ($1::text[], $2::bigint[]) w (log, position) using (log, position)
    order by p.log, p.position for update of p
)
delete from parked p using locked l
where p.log = l.log and p.position = l.position
returning p.log, p.position
