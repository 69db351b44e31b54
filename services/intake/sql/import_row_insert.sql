-- New rows; one that exists violates the key.
insert into import_row (tenant, id, content, other, application_id, member_id, import_id, same_as)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::uuid[]), unnest ($5::uuid[]),
    unnest ($6::uuid[]), unnest ($7::uuid[]), unnest ($8::uuid[])
