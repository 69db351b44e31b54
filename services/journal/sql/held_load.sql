-- Rows of held by parent. $1 tenant, $2 story
select tenant, story, ordinal, version, event_id, log, envelope, held_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, story)
join held using (tenant, story)
order by tenant, story, ordinal
