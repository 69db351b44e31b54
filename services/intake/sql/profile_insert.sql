-- New rows; one that exists violates the key.
insert into profile (tenant, id, sha256, version, yaml, published_by, published_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bytea[]), unnest ($4::integer[]), unnest ($5::bytea[]),
    unnest ($6::uuid[]), unnest ($7::timestamptz[])
