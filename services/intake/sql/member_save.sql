-- New or changed members. One array a column.
insert into member (tenant, application_id, ordinal, member_id, nik, mother_nik, name, relation, birth_place,
    birth_date, sex, marital, phone, conditions, facts, removed, excluded, verdict, reasons, evidence)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::uuid[]), unnest ($5::bigint[]),
    unnest ($6::bigint[]), unnest ($7::text[]), unnest ($8::integer[]), unnest ($9::text[]), unnest ($10::date[]),
    unnest ($11::integer[]), unnest ($12::integer[]), unnest ($13::text[]), unnest ($14::bigint[]),
    unnest ($15::bigint[]), unnest ($16::boolean[]), unnest ($17::boolean[]), unnest ($18::integer[]),
    unnest ($19::bytea[]), unnest ($20::bigint[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, nik = excluded.nik, mother_nik = excluded.mother_nik, name = excluded.name,
    relation = excluded.relation, birth_place = excluded.birth_place, birth_date = excluded.birth_date, sex =
    excluded.sex, marital = excluded.marital, phone = excluded.phone, conditions = excluded.conditions, facts =
    excluded.facts, removed = excluded.removed, excluded = excluded.excluded, verdict = excluded.verdict,
    reasons = excluded.reasons, evidence = excluded.evidence
