insert into due (id, tenant, kind, subject, input_version, priority, due_at, payload)
select unnest ($1::uuid[]), unnest ($2::bigint[]), unnest ($3::text[]), unnest ($4::uuid[]), unnest ($5::bigint[]),
    unnest ($6::integer[]), unnest ($7::timestamptz[]), unnest ($8::bytea[])
on conflict (tenant, kind, subject, input_version) do nothing
