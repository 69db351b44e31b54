-- Members of one application. $1 tenant, $2 application
select tenant, application_id, ordinal, member_id, nik, mother_nik, name, relation, birth_place, birth_date, sex,
    marital, phone, conditions, facts, removed, excluded, verdict, reasons, evidence
from member
where tenant = $1::bigint and application_id = $2::uuid
order by ordinal
