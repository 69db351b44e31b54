-- Applications locked in order. $1 tenant, $2 id
select tenant, id, version, state, ticket, track, kk, street, rt, rw, village, village_name, postal_code,
    profile_sha256, entered_by, entered_at, source, payer, held_by, returned_reason, ended_reason,
    content_version, judged_version, missing, since, act, role, due_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join application using (tenant, id)
order by tenant, id
for update of application
