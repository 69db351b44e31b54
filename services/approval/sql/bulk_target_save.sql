-- New or changed rows. One array a column.
insert into bulk_target (tenant, bulk_id, ordinal, target_id, expected, outcome, code, version)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::uuid[]), unnest ($5::bigint[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::bigint[])
on conflict (tenant, bulk_id, ordinal) do update
set target_id = excluded.target_id, expected = excluded.expected, outcome = excluded.outcome, code =
    excluded.code, version = excluded.version
