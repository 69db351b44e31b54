-- Changed rows of person: one array a column.
update person x set version = n.version, revision = n.revision, state = n.state, password = n.password, grants
    = n.grants, sessions_from = n.sessions_from, disabled_at = n.disabled_at
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
    n (tenant, id, version, revision, state, login, name, password, grants, sessions_from, added_at,
    disabled_at)
where x.tenant = n.tenant and x.id = n.id
