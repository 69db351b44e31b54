-- Members of locked applications. $1 tenant, $2 application
select tenant, application_id, ordinal, member_id, nik, mother_nik, name, relation, birth_place, birth_date,
    sex, marital, phone, conditions, facts, removed, excluded, verdict, reasons, evidence
from unnest ($1::bigint[], $2::uuid[]) k (tenant, application_id)
join member using (tenant, application_id)
order by tenant, application_id, ordinal
