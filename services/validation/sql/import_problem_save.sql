-- one array a column, in the table's order
insert into import_problem (tenant, import_id, ordinal, line, field, code, detail, warning)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::bigint[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::boolean[])
