-- None: rows of event are only ever added, so that a story costs the same however long it is. $1 tenant, $2 story
select tenant, story, 0 as ordinal, number, event_id, type, kind, version, application_id, state, place, code, role,
    at, personal_hash, chain, salt, detail, actor
from event
where false and tenant = any ($1::bigint[]) and story = any ($2::uuid[])
