-- New rows of person: one array a column.
insert into person (tenant, id, version, revision, state, login, name, password, grants, sessions_from,
    added_at, disabled_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
