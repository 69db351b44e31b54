-- New rows; one that exists violates the key.
insert into profile_current (tenant, id, sha256, version, since)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bytea[]), unnest ($4::integer[]),
    unnest ($5::timestamptz[])
