-- New rows of person: one array a column.
insert into person (tenant, id, version, revision, state, login, name, password, grants, sessions_from,
    added_at, disabled_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::bigint[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::text[]), unnest ($9::text[]), unnest ($10::timestamptz[]),
    unnest ($11::timestamptz[]), unnest ($12::timestamptz[])
