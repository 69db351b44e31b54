-- one array a column, in the table's order
insert into application (tenant, id, version, state, source, track, kk, kk_reason, profile, street, entered_at,
    judged_version, judged_at, waits, poverty_version, membership_version, village)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::bigint[]), unnest ($8::integer[]), unnest ($9::bytea[]), unnest ($10::text[]),
    unnest ($11::timestamptz[]), unnest ($12::bigint[]), unnest ($13::timestamptz[]), unnest ($14::integer[]),
    unnest ($15::bigint[]), unnest ($16::bigint[]), unnest ($17::text[])
