-- Applications batching knows, locked in order. $1 tenant, $2 id
select tenant, id, version, state, track, ticket, transfer, priority, people, accepted, refused, since, due_at,
    due_day, batch_id, letter_number, profile_sha256, dossier
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join waiting using (tenant, id)
order by tenant, id
for update of waiting
