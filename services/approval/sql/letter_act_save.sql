-- New or changed rows. One array a column.
insert into letter_act (tenant, letter_id, ordinal, act, kind, role, person_id, name, at, content_sha256)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[],
    $7::uuid[], $8::text[], $9::timestamptz[], $10::bytea[])
on conflict (tenant, letter_id, ordinal) do update
set act = excluded.act, kind = excluded.kind, role = excluded.role, person_id = excluded.person_id, name =
    excluded.name, at = excluded.at, content_sha256 = excluded.content_sha256
