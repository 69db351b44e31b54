insert into parked (log, position, partition, tenant, subject, envelope, attempts, retry_at, reason)
select * from unnest ($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::uuid[], $6::bytea[], $7::integer[],
    $8::timestamptz[], $9::text[])
