-- Has an entry tried again at once; only the earliest of its subject has a turn. $1 log, $2 position
update parked p set retry_at = now (), attempts = 0
where log = $1::text and position = $2::bigint
    and not exists (select from parked e where e.log = p.log and e.tenant = p.tenant and e.subject = p.subject
                    and e.position < p.position)
