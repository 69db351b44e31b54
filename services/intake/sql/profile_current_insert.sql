-- New rows; one that exists violates the key.
insert into profile_current (tenant, id, sha256, version, since)
select * from unnest ($1::bigint[], $2::uuid[], $3::bytea[], $4::integer[], $5::timestamptz[])
