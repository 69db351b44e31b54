-- New or changed rows. One array a column.
insert into letter_file (tenant, letter_id, ordinal, application_id, dossier_id)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::uuid[])
on conflict (tenant, letter_id, ordinal) do update
set application_id = excluded.application_id, dossier_id = excluded.dossier_id
