-- New rows; one that exists violates the key. One array a column.
insert into dossier (tenant, id, application_id, version, sent)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[])
