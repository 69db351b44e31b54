-- New: lines of replies that changed nothing. A row that exists violates the key.
insert into import_problem (tenant, id, import_id, line, column_name, code)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[])
