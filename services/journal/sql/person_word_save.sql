-- New or changed rows. One array a column; ordinal is not kept.
insert into person_word (tenant, application_id, word, version)
select tenant, application_id, word, version
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[]) n (tenant, application_id, ordinal,
    word, version)
on conflict (tenant, word, application_id) do update
set version = excluded.version
