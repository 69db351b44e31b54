-- The earliest parked entry of each subject, if its time has come. $1 limit
select log, position, partition, tenant, subject, envelope, attempts
from parked p
where retry_at <= now ()
    and not exists (select from parked e where e.log = p.log and e.tenant = p.tenant and e.subject = p.subject
                    and e.position < p.position)
order by retry_at
limit $1::bigint
