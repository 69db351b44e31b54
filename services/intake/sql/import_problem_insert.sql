-- New rows; one that exists violates the key.
insert into import_problem (tenant, id, import_id, line, column_name, code, detail)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[])
