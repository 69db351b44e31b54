-- Entries the journal has passed that are neither in its history, nor waiting there, nor parked, nor dropped by a person;
-- and events it has that no log does, where the whole log is still there.
with said as (
    select 'accounts' as log, partition, position, tenant, id from accounts.log
    union all
    select 'intake' as log, partition, position, tenant, id from intake.log
    union all
    select 'validation' as log, partition, position, tenant, id from validation.log
    union all
    select 'approval' as log, partition, position, tenant, id from approval.log
    union all
    select 'batching' as log, partition, position, tenant, id from batching.log
    union all
    select 'distribution' as log, partition, position, tenant, id from distribution.log
), whole as (
    select 'accounts' as log from accounts.log_floor where position = 0
    union all
    select 'intake' from intake.log_floor where position = 0
    union all
    select 'validation' from validation.log_floor where position = 0
    union all
    select 'approval' from approval.log_floor where position = 0
    union all
    select 'batching' from batching.log_floor where position = 0
    union all
    select 'distribution' from distribution.log_floor where position = 0
)
select format ('entry %s of %s (%s) is not in the journal', l.position, l.log, l.id)
from said l join journal.follow f on f.log = l.log and f.partition = l.partition and l.position <= f.position
where not exists (select from journal.event e where e.tenant = l.tenant and e.event_id = l.id)
    and not exists (select from journal.held h where h.tenant = l.tenant and h.event_id = l.id and h.version > 0)
    and not exists (select from journal.parked p where p.log = l.log and p.position = l.position)
    and not exists (select from journal.dropped d where d.log = l.log and d.position = l.position)
union all
select format ('event %s of tenant %s (%s) is in no log', e.number, e.tenant, e.event_id)
from journal.event e
where split_part (e.type, '.', 2) in (select log from whole)
    and not exists (select from said l where l.tenant = e.tenant and l.id = e.event_id)
union all
select format ('event %s is in tenant %s''s history %s times', event_id, tenant, count (*))
from journal.event
group by tenant, event_id
having count (*) > 1
limit 20
