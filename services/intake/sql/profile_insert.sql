-- New rows; one that exists violates the key.
insert into profile (tenant, id, sha256, version, yaml, published_by, published_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bytea[], $4::integer[], $5::bytea[], $6::uuid[],
    $7::timestamptz[])
