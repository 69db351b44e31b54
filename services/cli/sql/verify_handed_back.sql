-- What approval or batching approved, returned, rejected or finished, that intake has read of and does not know: lost on
-- the way back; and what was entered or corrected and validation, having read of it, does not know.
with said as (
    select 'approval' as log, partition, position, tenant, subject, version from approval.log
    where type in ('padan.approval.v1.ApplicationApproved', 'padan.approval.v1.ApplicationReturned',
                   'padan.approval.v1.ApplicationRejected')
    union all
    select 'batching', partition, position, tenant, subject, version from batching.log
    where type = 'padan.batching.v1.ApplicationFinished'
)
select format ('intake: application %s of tenant %s has not come to version %s', e.subject, e.tenant, e.version)
from said e
join intake.follow f on f.log = e.log and f.partition = e.partition and f.position >= e.position
left join intake.application a on a.tenant = e.tenant and a.id = e.subject and a.version >= e.version
where a.id is null
    and not exists (select from intake.parked p where p.log = e.log and p.tenant = e.tenant and p.subject = e.subject)
    and not exists (select from intake.dropped d where d.log = e.log and d.tenant = e.tenant and d.subject = e.subject)
union all
select format ('validation: application %s of tenant %s has not come to version %s', e.subject, e.tenant, e.version)
from intake.log e
join validation.follow f on f.log = 'intake' and f.partition = e.partition and f.position >= e.position
left join validation.application a on a.tenant = e.tenant and a.id = e.subject and a.version >= e.version
where e.type in ('padan.intake.v1.ApplicationEntered', 'padan.intake.v1.ApplicationCorrected') and a.id is null
    and not exists (select from validation.parked p where p.log = 'intake' and p.tenant = e.tenant and p.subject = e.subject)
    and not exists (select from validation.dropped d where d.log = 'intake' and d.tenant = e.tenant and d.subject = e.subject)
limit 20
