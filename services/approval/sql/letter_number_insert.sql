-- New rows; one that exists violates the key. One array a column.
insert into letter_number (tenant, id, class_code, unit, year, last)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[])
