-- New or changed rows. One array a column; ordinal is not kept.
insert into person (tenant, application_id, slot, version, name, normal, nik, kk, head)
select tenant, application_id, slot, version, name, normal, nik, kk, head
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::integer[], $5::bigint[], $6::text[], $7::text[],
    $8::bigint[], $9::bigint[], $10::boolean[]) n (tenant, application_id, ordinal, slot, version, name, normal, nik,
    kk, head)
on conflict (tenant, application_id, slot) do update
set version = excluded.version, name = excluded.name, normal = excluded.normal, nik = excluded.nik, kk = excluded.kk,
    head = excluded.head
