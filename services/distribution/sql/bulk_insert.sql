-- New: bulks. A row that exists violates the key.
insert into bulk (tenant, id, act, courier_id, asked_by, asked_at, targets, waiting)
select * from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[],
    $7::integer[], $8::integer[])
