insert into due (id, tenant, kind, subject, input_version, priority, due_at, payload)
select * from unnest ($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::bigint[], $6::integer[],
    $7::timestamptz[], $8::bytea[])
on conflict (tenant, kind, subject, input_version) do nothing
