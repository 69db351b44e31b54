-- Changed rows, locked before.
update story x
set version = n.version, kind = n.kind, ticket = n.ticket, ticket_key = n.ticket_key, state = n.state, holder =
    n.holder, waits_for = n.waits_for, due_at = n.due_at, place = n.place, people = n.people, excluded = n.excluded,
    people_version = n.people_version, ids = n.ids, follower_id = n.follower_id, changed_at = n.changed_at
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::timestamptz[], $11::text[], $12::integer[], $13::integer[], $14::bigint[], $15::bytea[],
    $16::uuid[], $17::timestamptz[]) n (tenant, id, version, kind, ticket, ticket_key, state, holder, waits_for,
    due_at, place, people, excluded, people_version, ids, follower_id, changed_at)
where x.tenant = n.tenant and x.id = n.id
