-- New rows of login: one array a column.
insert into login (tenant, id, home, person_id)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[])
