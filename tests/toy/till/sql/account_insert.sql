-- New accounts; one that exists violates the key.
insert into account (tenant, id, holder, balance, version, closed, statements, audits)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::integer[],
    $8::bigint[])
