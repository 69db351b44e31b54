-- All that happened about an application and the letters it was on, in order. $1 tenant, $2 application, $3 limit
select tenant, story, 0 as ordinal, number, event_id, type, kind, version, application_id, state, place, code, role, at,
    personal_hash, chain, salt, detail, actor
from event
where tenant = $1::bigint and application_id = $2::uuid
union all
select e.tenant, e.story, 0 as ordinal, e.number, e.event_id, e.type, e.kind, e.version, e.application_id, e.state,
    e.place, e.code, e.role, e.at, e.personal_hash, e.chain, e.salt, e.detail, e.actor
from story_letter l
join event e on e.tenant = l.tenant and e.story = l.letter_id and e.kind = 'letter'
where l.tenant = $1::bigint and l.application_id = $2::uuid
order by number
limit $3::bigint
