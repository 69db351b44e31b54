-- Applications whose holders' events do not count 1 to n through all services. Once a segment was dropped, only a
-- version given twice can be seen here; the journal keeps all of them, and its own check is the whole one.
select format ('application %s of tenant %s: %s events, versions %s to %s, %s of them different', subject, tenant,
    count (*), min (version), max (version), count (distinct version))
from (
    select tenant, subject, version from intake.log where type ~ '^padan\.intake\.v1\.(Application|Paper)'
    union all
    select tenant, subject, version from approval.log where type ~ '^padan\.approval\.v1\.(File|Application)'
    union all
    select tenant, subject, version from batching.log where type ~ '^padan\.batching\.v1\.(Application|Member)'
) held
group by tenant, subject
having count (distinct version) <> count (*)
    or ((min (version) <> 1 or max (version) <> count (*))
        and not exists (select from intake.log_floor where position > 0)
        and not exists (select from approval.log_floor where position > 0)
        and not exists (select from batching.log_floor where position > 0))
limit 20
