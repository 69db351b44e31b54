-- Takes an entry out of the way for good, and writes down who wanted it so. Only the earliest of its subject.
-- $1 log, $2 position, $3 who, $4 why
with gone as (
    delete from parked p
    where log = $1::text and position = $2::bigint
        and not exists (select from parked e where e.log = p.log and e.tenant = p.tenant and e.subject = p.subject
                        and e.position < p.position)
    returning log, position, tenant, subject, envelope, reason
)
insert into dropped (log, position, tenant, subject, envelope, reason, dropped_by, dropped_because)
select log, position, tenant, subject, envelope, reason, $3::text, $4::text from gone
