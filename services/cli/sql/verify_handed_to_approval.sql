-- Applications that were sent, that approval has read of, and that it does not know: lost on the way.
select format ('application %s of tenant %s, sent at version %s', e.subject, e.tenant, e.version)
from intake.log e
join approval.follow f on f.log = 'intake' and f.partition = e.partition and f.position >= e.position
left join approval.file h on h.tenant = e.tenant and h.id = e.subject and h.version >= e.version
where e.type = 'padan.intake.v1.ApplicationSent' and h.id is null
    and not exists (select from approval.parked p where p.log = 'intake' and p.tenant = e.tenant and p.subject = e.subject)
    and not exists (select from approval.dropped d where d.log = 'intake' and d.tenant = e.tenant and d.subject = e.subject)
limit 20
