-- New rows; one that exists violates the key.
insert into import_later (tenant, id, import_id, line, packed)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::bigint[]), unnest ($5::bytea[])
