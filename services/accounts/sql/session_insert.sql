-- New rows of session: one array a column.
insert into session (tenant, id, person_id, token_sha256, user_agent, started_at, expires_at, seen_at,
    ended_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::bytea[]), unnest ($5::text[]),
    unnest ($6::timestamptz[]), unnest ($7::timestamptz[]), unnest ($8::timestamptz[]), unnest ($9::timestamptz[])
