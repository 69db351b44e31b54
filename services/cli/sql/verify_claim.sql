-- Applications that hold other than the people who are in them: a person has one claim for as long as the application
-- is open and they go on with it. What a claim's id says is a hash, so they are counted.
with held as (
    select tenant, application_id, count (*) n from claim where application_id is not null group by tenant, application_id
), people as (
    select m.tenant, m.application_id, count (distinct m.nik) n
    from application a
    join member m on m.tenant = a.tenant and m.application_id = a.id
    where a.state in ('entered', 'returned', 'sent', 'approved') and m.nik is not null and not m.removed
        and not m.excluded
    group by m.tenant, m.application_id
)
select format ('application %s of tenant %s holds %s people, %s are in it', application_id, tenant,
    coalesce (held.n, 0), coalesce (people.n, 0))
from held
full join people using (tenant, application_id)
where coalesce (held.n, 0) <> coalesce (people.n, 0)
limit 20
