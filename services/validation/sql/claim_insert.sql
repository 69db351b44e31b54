-- one array a column, in the table's order
insert into claim (tenant, id, holder, application_id)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::uuid[])
