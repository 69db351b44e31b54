-- Their people. $1 tenant, $2 ids
select m.tenant, m.application_id, m.ordinal, m.member_id, m.gone, m.nik, m.nik_reason, m.mother_nik, m.name,
    m.birth_place, m.birth_date, m.sex, m.marital, m.conditions, m.claim, m.verdict, m.reasons
from member m
where m.tenant = $1::bigint and m.application_id = any ($2::uuid[]) and not m.gone
order by m.application_id, m.ordinal
