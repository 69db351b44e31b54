-- New or changed rows. One array a column.
insert into letter_act (tenant, letter_id, ordinal, act, kind, role, person_id, name, at, content_sha256, voided_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::text[]), unnest ($5::text[]),
    unnest ($6::integer[]), unnest ($7::uuid[]), unnest ($8::text[]), unnest ($9::timestamptz[]),
    unnest ($10::bytea[]), unnest ($11::timestamptz[])
on conflict (tenant, letter_id, ordinal) do update
set act = excluded.act, kind = excluded.kind, role = excluded.role, person_id = excluded.person_id, name =
    excluded.name, at = excluded.at, content_sha256 = excluded.content_sha256, voided_at = excluded.voided_at
