-- New rows of api_key: one array a column.
insert into api_key (tenant, id, person_id, name, secret_sha256, created_at, expires_at, revoked_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[])
