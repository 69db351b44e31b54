-- Entries of a service's log in order, with what the journal wrote of each; number 0: it wrote nothing. In the service's
-- schema. $1 the last position seen, $2 limit
select l.position, l.tenant, l.envelope, coalesce (e.number, 0) as number, e.event_id, e.story, e.type,
    coalesce (e.version, 0) as version, e.at, e.personal_hash, e.salt, e.detail, e.actor
from (select position, tenant, id, envelope from log where position > $1::bigint order by position limit $2::bigint) l
left join journal.event e on e.tenant = l.tenant and e.event_id = l.id
order by l.position
