-- Open applications without a verdict on their newest content and nothing under way that would give it; and people held
-- by applications that have ended, whom nobody is about to let go.
select format ('application %s of tenant %s is at version %s, judged at %s, and no check is due', a.id, a.tenant,
    a.version, a.judged_version)
from application a
where a.state = 'open' and a.judged_version < a.version
    and not exists (select from due d where d.tenant = a.tenant and d.subject = a.id and d.kind = 'check')
union all
select format ('application %s of tenant %s has ended and holds a person', c.application_id, c.holder)
from claim c
join application a on a.tenant = c.holder and a.id = c.application_id and a.state = 'ended'
where not exists (select from due d where d.tenant = a.tenant and d.subject = a.id and d.kind = 'release')
limit 20
