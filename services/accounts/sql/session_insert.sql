-- New rows of session: one array a column.
insert into session (tenant, id, person_id, token_sha256, user_agent, started_at, expires_at, seen_at,
    ended_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
