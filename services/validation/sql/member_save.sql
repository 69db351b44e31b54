-- one array a column, in the table's order
insert into member (tenant, application_id, ordinal, member_id, gone, nik, nik_reason, mother_nik, name, birth_place,
    birth_date, sex, marital, conditions, claim, verdict, reasons)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::uuid[]),
    unnest ($5::boolean[]), unnest ($6::bigint[]), unnest ($7::integer[]), unnest ($8::bigint[]), unnest ($9::text[]),
    unnest ($10::text[]), unnest ($11::date[]), unnest ($12::integer[]), unnest ($13::integer[]),
    unnest ($14::text[]), unnest ($15::uuid[]), unnest ($16::integer[]), unnest ($17::bytea[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, gone = excluded.gone, nik = excluded.nik, nik_reason = excluded.nik_reason,
    mother_nik = excluded.mother_nik, name = excluded.name, birth_place = excluded.birth_place,
    birth_date = excluded.birth_date, sex = excluded.sex, marital = excluded.marital,
    conditions = excluded.conditions, claim = excluded.claim, verdict = excluded.verdict, reasons = excluded.reasons
