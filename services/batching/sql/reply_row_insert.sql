-- New: lines of replies. A row that exists violates the key.
insert into reply_row (tenant, id, import_id, line, application_id, member_id, outcome)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::bigint[]), unnest ($5::uuid[]),
    unnest ($6::uuid[]), unnest ($7::text[])
