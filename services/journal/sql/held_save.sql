-- New or changed rows. One array a column.
insert into held (tenant, story, ordinal, version, event_id, log, envelope, held_at)
select tenant, story, ordinal, version, event_id, log, envelope, held_at
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[], $6::text[], $7::bytea[],
    $8::timestamptz[]) n (tenant, story, ordinal, version, event_id, log, envelope, held_at)
on conflict (tenant, story, ordinal) do update
set version = excluded.version, event_id = excluded.event_id, log = excluded.log, envelope = excluded.envelope,
    held_at = excluded.held_at
