-- New copies; one that exists violates the key.
insert into copy (tenant, id, balance, version, events, trail, mended, log_version)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bigint[]), unnest ($4::bigint[]),
    unnest ($5::bigint[]), unnest ($6::bigint[]), unnest ($7::bigint[]), unnest ($8::bigint[])
