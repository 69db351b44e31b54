-- Followers that claim to have read past the end of a log, need what was dropped from it, or follow another life of it.
with heads as (
    select 'accounts' as log, h.position, epoch, f.position as floor from accounts.log_head h, accounts.log_floor f
    union all select 'intake', h.position, epoch, f.position from intake.log_head h, intake.log_floor f
    union all select 'validation', h.position, epoch, f.position from validation.log_head h, validation.log_floor f
    union all select 'approval', h.position, epoch, f.position from approval.log_head h, approval.log_floor f
    union all select 'batching', h.position, epoch, f.position from batching.log_head h, batching.log_floor f
    union all select 'distribution', h.position, epoch, f.position from distribution.log_head h, distribution.log_floor f
    union all select 'journal', h.position, epoch, f.position from journal.log_head h, journal.log_floor f
), places as (
    select 'accounts' as follower, log, partition, position, epoch from accounts.follow
    union all select 'intake', log, partition, position, epoch from intake.follow
    union all select 'validation', log, partition, position, epoch from validation.follow
    union all select 'approval', log, partition, position, epoch from approval.follow
    union all select 'batching', log, partition, position, epoch from batching.follow
    union all select 'distribution', log, partition, position, epoch from distribution.follow
    union all select 'journal', log, partition, position, epoch from journal.follow
)
select format ('%s in partition %s of %s: at %s, log is %s to %s', p.follower, p.partition, p.log, p.position,
    h.floor + 1, h.position)
from places p join heads h using (log)
where p.position > h.position or p.position < h.floor or p.epoch <> h.epoch
limit 20
