-- one array a column, in the table's order
insert into answer (tenant, id, pairs, valid_until)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bytea[]), unnest ($4::timestamptz[])
