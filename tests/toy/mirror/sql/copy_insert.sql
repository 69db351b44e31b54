-- New copies; one that exists violates the key.
insert into copy (tenant, id, balance, version, events, trail, mended, log_version)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[])
