-- New rows; one that exists violates the key. One array a column.
insert into letter_content (tenant, id, content)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bytea[])
