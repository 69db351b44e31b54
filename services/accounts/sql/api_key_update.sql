-- Changed rows of api_key: one array a column.
update api_key x set revoked_at = n.revoked_at
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::text[])
    n (tenant, id, person_id, name, secret_sha256, created_at, expires_at, revoked_at, scope)
where x.tenant = n.tenant and x.id = n.id
