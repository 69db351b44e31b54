-- New rows of login: one array a column.
insert into login (tenant, id, home, person_id)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::uuid[])
