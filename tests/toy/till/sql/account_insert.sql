-- New accounts; one that exists violates the key.
insert into account (tenant, id, holder, balance, version, closed, statements, audits)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::bigint[]), unnest ($5::bigint[]),
    unnest ($6::boolean[]), unnest ($7::integer[]), unnest ($8::bigint[])
