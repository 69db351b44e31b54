-- Lines of replies, locked in order. $1 tenant, $2 id
select tenant, id, import_id, line, application_id, member_id, outcome
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join reply_row using (tenant, id)
order by tenant, id
for update of reply_row
