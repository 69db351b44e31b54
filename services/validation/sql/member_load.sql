-- $1 tenants, $2 applications
select m.tenant, m.application_id, m.ordinal, m.member_id, m.gone, m.nik, m.nik_reason, m.mother_nik, m.name,
    m.birth_place, m.birth_date, m.sex, m.marital, m.conditions, m.claim, m.verdict, m.reasons
from unnest ($1::bigint[], $2::uuid[]) k (tenant, application_id)
join member m using (tenant, application_id)
order by m.tenant, m.application_id, m.ordinal
