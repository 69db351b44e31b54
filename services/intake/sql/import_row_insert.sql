-- New rows; one that exists violates the key.
insert into import_row (tenant, id, content, other, application_id, member_id, import_id)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[])
