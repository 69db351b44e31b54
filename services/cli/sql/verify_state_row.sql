-- Things that a log says were made and that are not there; rows behind the newest event of their service; and, as long
-- as no segment was dropped, rows at a version that no event gave them.
with made as (
    select 'accounts' as service, 'person' as thing, tenant, subject from accounts.log
    where type = 'padan.accounts.v1.PersonAdded'
    union all
    select 'intake', 'application', tenant, subject from intake.log where type = 'padan.intake.v1.ApplicationEntered'
    union all
    select 'approval', 'letter', tenant, subject from approval.log where type = 'padan.approval.v1.LetterDrafted'
    union all
    select 'batching', 'application', tenant, subject from batching.log
    where type = 'padan.batching.v1.ApplicationQueued'
    union all
    select 'batching', 'batch', tenant, subject from batching.log where type = 'padan.batching.v1.BatchClosed'
    union all
    select 'distribution', 'card', tenant, subject from distribution.log
    where type = 'padan.distribution.v1.CardExpected'
), kept as (
    select 'accounts' as service, 'person' as thing, tenant, id, version from accounts.person
    union all select 'intake', 'application', tenant, id, version from intake.application
    union all select 'approval', 'application', tenant, id, version from approval.file
    union all select 'approval', 'letter', tenant, id, version from approval.letter
    union all select 'batching', 'application', tenant, id, version from batching.waiting
    union all select 'batching', 'batch', tenant, id, version from batching.batch
    union all select 'distribution', 'card', tenant, id, version from distribution.card
), given as (
    select 'accounts' as service, tenant, subject, version from accounts.log
    union all select 'intake', tenant, subject, version from intake.log
    union all select 'approval', tenant, subject, version from approval.log
    union all select 'batching', tenant, subject, version from batching.log
    union all select 'distribution', tenant, subject, version from distribution.log
), floors as (
    select max (position) as highest from (
        select position from accounts.log_floor
        union all select position from intake.log_floor
        union all select position from approval.log_floor
        union all select position from batching.log_floor
        union all select position from distribution.log_floor
    ) f
)
select distinct format ('%s: %s %s of tenant %s was made, and is not there', m.service, m.thing, m.subject, m.tenant)
from made m
left join kept k on k.service = m.service and k.thing = m.thing and k.tenant = m.tenant and k.id = m.subject
where k.id is null
union all
select format ('%s: %s %s of tenant %s is at version %s, its newest event is %s', k.service, k.thing, k.id, k.tenant,
    k.version, n.version)
from kept k
join (select service, tenant, subject, max (version) as version from given group by service, tenant, subject) n
    on n.service = k.service and n.tenant = k.tenant and n.subject = k.id
where k.version < n.version
union all
select format ('%s: %s %s of tenant %s is at version %s, which no event gave it', k.service, k.thing, k.id, k.tenant,
    k.version)
from kept k
where (select highest from floors) = 0
    and not exists (select from given g where g.tenant = k.tenant and g.subject = k.id and g.version = k.version)
    and exists (select from given g where g.tenant = k.tenant and g.subject = k.id)
limit 20
