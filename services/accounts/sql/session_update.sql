-- Changed rows of session: one array a column.
update session x set seen_at = n.seen_at, ended_at = n.ended_at
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
    n (tenant, id, person_id, token_sha256, user_agent, started_at, expires_at, seen_at, ended_at)
where x.tenant = n.tenant and x.id = n.id
