-- Files locked in order. $1 tenant, $2 id
select tenant, id, version, state, ticket, track, village, people, profile_sha256, dossier_id, letter_id, act,
    role, since, due_at, entered_by, sent_by, reason
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join file using (tenant, id)
order by tenant, id
for update of file
