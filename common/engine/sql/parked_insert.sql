insert into parked (log, position, partition, tenant, subject, envelope, attempts, retry_at, reason)
select unnest ($1::text[]), unnest ($2::bigint[]), unnest ($3::integer[]), unnest ($4::bigint[]), unnest ($5::uuid[]),
    unnest ($6::bytea[]), unnest ($7::integer[]), unnest ($8::timestamptz[]), unnest ($9::text[])
