-- Their people of locked rows. $1 tenant, $2 application_id
select tenant, application_id, ordinal, member_id, nik, state, line, card_number, active_date, reason, decided_at
from unnest ($1::bigint[], $2::uuid[]) k (tenant, application_id)
join person using (tenant, application_id)
order by tenant, application_id, ordinal
