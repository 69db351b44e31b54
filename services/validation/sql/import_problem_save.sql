-- one array a column, in the table's order
insert into import_problem (tenant, import_id, ordinal, line, field, code, detail)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::text[])
