-- One application. $1 tenant, $2 id
select tenant, id, version, state, ticket, track, kk, street, rt, rw, village, village_name, postal_code,
    profile_sha256, entered_by, entered_at, source, payer, held_by, returned_reason, ended_reason, content_version,
    judged_version, missing, since, act, role, due_at
from application
where tenant = $1::bigint and id = $2::uuid
