-- New rows; one that exists violates the key. One array a column.
insert into letter_number (tenant, id, class_code, unit, year, last)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::text[]), unnest ($5::integer[]),
    unnest ($6::bigint[])
