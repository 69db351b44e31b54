-- New rows; one that exists violates the key.
insert into import_problem (tenant, id, import_id, line, column_name, code, detail, warning)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::bigint[]), unnest ($5::text[]),
    unnest ($6::text[]), unnest ($7::text[]), unnest ($8::boolean[])
