-- New or changed rows. One array a column.
insert into file_act (tenant, file_id, ordinal, act, person_id, name, at)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::text[],
    $7::timestamptz[])
on conflict (tenant, file_id, ordinal) do update
set act = excluded.act, person_id = excluded.person_id, name = excluded.name, at = excluded.at
