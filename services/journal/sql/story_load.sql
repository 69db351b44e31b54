-- Stories locked in order. $1 tenant, $2 id
select tenant, id, version, kind, ticket, ticket_key, state, holder, waits_for, due_at, place, people, excluded,
    people_version, ids, follower_id, changed_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join story using (tenant, id)
order by tenant, id
for update of story
