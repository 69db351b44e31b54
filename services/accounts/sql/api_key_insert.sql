-- New rows of api_key: one array a column.
insert into api_key (tenant, id, person_id, name, secret_sha256, created_at, expires_at, revoked_at, scope)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::text[]), unnest ($5::bytea[]),
    unnest ($6::timestamptz[]), unnest ($7::timestamptz[]), unnest ($8::timestamptz[]), unnest ($9::text[])
