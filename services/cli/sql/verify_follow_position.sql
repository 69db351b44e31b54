-- Followers that claim to have read past the end of a log, or follow another life of it.
with heads as (
    select 'accounts' as log, position, epoch from accounts.log_head
    union all select 'intake', position, epoch from intake.log_head
    union all select 'validation', position, epoch from validation.log_head
    union all select 'approval', position, epoch from approval.log_head
    union all select 'batching', position, epoch from batching.log_head
    union all select 'distribution', position, epoch from distribution.log_head
    union all select 'journal', position, epoch from journal.log_head
), places as (
    select 'accounts' as follower, log, partition, position, epoch from accounts.follow
    union all select 'intake', log, partition, position, epoch from intake.follow
    union all select 'validation', log, partition, position, epoch from validation.follow
    union all select 'approval', log, partition, position, epoch from approval.follow
    union all select 'batching', log, partition, position, epoch from batching.follow
    union all select 'distribution', log, partition, position, epoch from distribution.follow
    union all select 'journal', log, partition, position, epoch from journal.follow
)
select format ('%s in partition %s of %s: at %s, head is %s', p.follower, p.partition, p.log, p.position, h.position)
from places p join heads h using (log)
where p.position > h.position or p.epoch <> h.epoch
limit 20
