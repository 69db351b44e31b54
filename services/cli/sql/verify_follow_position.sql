-- Followers that claim to have read past the end of a log, need what was dropped from it, follow another life of it, or
-- have read an entry that is not there as they read it.
with heads as (
    select 'accounts' as log, h.position, epoch, f.position as floor from accounts.log_head h, accounts.log_floor f
    union all select 'intake', h.position, epoch, f.position from intake.log_head h, intake.log_floor f
    union all select 'validation', h.position, epoch, f.position from validation.log_head h, validation.log_floor f
    union all select 'approval', h.position, epoch, f.position from approval.log_head h, approval.log_floor f
    union all select 'batching', h.position, epoch, f.position from batching.log_head h, batching.log_floor f
    union all select 'distribution', h.position, epoch, f.position from distribution.log_head h, distribution.log_floor f
    union all select 'journal', h.position, epoch, f.position from journal.log_head h, journal.log_floor f
), places as (
    select 'accounts' as follower, log, partition, position, epoch, last_position, last_hash from accounts.follow
    union all select 'intake', log, partition, position, epoch, last_position, last_hash from intake.follow
    union all select 'validation', log, partition, position, epoch, last_position, last_hash from validation.follow
    union all select 'approval', log, partition, position, epoch, last_position, last_hash from approval.follow
    union all select 'batching', log, partition, position, epoch, last_position, last_hash from batching.follow
    union all select 'distribution', log, partition, position, epoch, last_position, last_hash from distribution.follow
    union all select 'journal', log, partition, position, epoch, last_position, last_hash from journal.follow
), entries as (
    select 'accounts' as log, position, hash from accounts.log
    union all select 'intake', position, hash from intake.log
    union all select 'validation', position, hash from validation.log
    union all select 'approval', position, hash from approval.log
    union all select 'batching', position, hash from batching.log
    union all select 'distribution', position, hash from distribution.log
    union all select 'journal', position, hash from journal.log
)
select format ('%s in partition %s of %s: at %s, log is %s to %s', p.follower, p.partition, p.log, p.position,
    h.floor + 1, h.position)
from places p join heads h using (log)
where p.position > h.position or p.position < h.floor or p.epoch <> h.epoch
union all
select format ('%s in partition %s of %s: the entry read at %s is another now', p.follower, p.partition, p.log,
    p.last_position)
from places p join heads h using (log)
left join entries e on e.log = p.log and e.position = p.last_position and e.hash = p.last_hash
where p.last_position > h.floor and e.position is null
limit 20
