-- Parked entries, those that wait for a person first. "first" says whether it is the earliest of its subject.
select p.log, p.position, p.tenant, p.subject::text, p.attempts,
    coalesce (to_char (p.retry_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'waits for a person') as retry_at, p.reason,
    not exists (select from parked e where e.log = p.log and e.tenant = p.tenant and e.subject = p.subject
                and e.position < p.position) as first
from parked p
order by p.retry_at nulls first, p.log, p.position
limit 200
