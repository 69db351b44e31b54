-- New or changed rows. One array a column.
insert into total (tenant, head, ordinal, what, code, count)
select tenant, head, ordinal, what, code, count
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::bigint[]) n (tenant, head, ordinal,
    what, code, count)
on conflict (tenant, head, ordinal) do update
set what = excluded.what, code = excluded.code, count = excluded.count
