-- New: lines of replies. A row that exists violates the key.
insert into reply_row (tenant, id, import_id, line, application_id, member_id, outcome)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::uuid[], $6::uuid[], $7::text[])
