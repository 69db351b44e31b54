-- New or changed rows. One array a column.
insert into letter_file (tenant, letter_id, ordinal, application_id, dossier_id)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::uuid[]), unnest ($5::uuid[])
on conflict (tenant, letter_id, ordinal) do update
set application_id = excluded.application_id, dossier_id = excluded.dossier_id
