-- New rows; one that exists violates the key. One array a column.
insert into dossier (tenant, id, application_id, version, sent)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::bigint[]), unnest ($5::bytea[])
