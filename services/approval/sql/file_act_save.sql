-- New or changed rows. One array a column.
insert into file_act (tenant, file_id, ordinal, act, person_id, name, at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::text[]), unnest ($5::uuid[]),
    unnest ($6::text[]), unnest ($7::timestamptz[])
on conflict (tenant, file_id, ordinal) do update
set act = excluded.act, person_id = excluded.person_id, name = excluded.name, at = excluded.at
