-- one array a column, in the table's order
insert into answer (tenant, id, pairs, valid_until)
select * from unnest ($1::bigint[], $2::uuid[], $3::bytea[], $4::timestamptz[])
