-- Events of a tenant in order. $1 tenant, $2 the last number known, $3 limit
select tenant, story, 0 as ordinal, number, event_id, type, kind, version, application_id, state, place, code, role, at,
    personal_hash, chain, salt, detail, actor
from event
where tenant = $1::bigint and number > $2::bigint
order by number
limit $3::bigint
