-- one array a column, in the table's order
insert into claim (tenant, id, holder, application_id)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[])
