-- New rows of tenant: one array a column.
insert into tenant (tenant, id, version, code, name, zone, added_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[],
    $7::timestamptz[])
