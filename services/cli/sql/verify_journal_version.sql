-- Subjects whose placed events do not count 1 to their story's version, in the order of their numbers. Judged speaks of a
-- version without making one; imports never leave one log and count otherwise.
select format ('subject %s of tenant %s: version %s at number %s, %s events before it', story, tenant, version, number,
    before)
from (
    select e.tenant, e.story, e.version, e.number,
        row_number () over (partition by e.tenant, e.story order by e.number) - 1 as before
    from event e
    where e.kind <> 'import' and e.type <> 'padan.validation.v1.Judged'
) e
where version <> before + 1
union all
select format ('subject %s of tenant %s: story at version %s, %s events', s.id, s.tenant, s.version, count (e.number))
from story s left join event e on e.tenant = s.tenant and e.story = s.id and e.type <> 'padan.validation.v1.Judged'
where s.kind <> 'import'
group by s.tenant, s.id
having s.version <> count (e.number)
limit 20
