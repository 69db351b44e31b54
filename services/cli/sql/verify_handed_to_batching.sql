-- Applications that were approved, that batching has read of, and that it does not know: lost on the way.
select format ('application %s of tenant %s, approved at version %s', e.subject, e.tenant, e.version)
from approval.log e
join batching.follow f on f.log = 'approval' and f.partition = e.partition and f.position >= e.position
left join batching.waiting h on h.tenant = e.tenant and h.id = e.subject and h.version >= e.version
where e.type = 'padan.approval.v1.ApplicationApproved' and h.id is null
    and not exists (select from batching.parked p where p.log = 'approval' and p.tenant = e.tenant and p.subject = e.subject)
    and not exists (select from batching.dropped d where d.log = 'approval' and d.tenant = e.tenant and d.subject = e.subject)
limit 20
