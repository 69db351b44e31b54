-- New or changed members. One array a column.
insert into member (tenant, application_id, ordinal, member_id, nik, mother_nik, name, relation, birth_place,
    birth_date, sex, marital, phone, conditions, facts, removed, excluded, verdict, reasons)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::bigint[], $6::bigint[],
    $7::text[], $8::integer[], $9::text[], $10::date[], $11::integer[], $12::integer[], $13::text[],
    $14::bigint[], $15::bigint[], $16::boolean[], $17::boolean[], $18::integer[], $19::bytea[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, nik = excluded.nik, mother_nik = excluded.mother_nik, name = excluded.name,
    relation = excluded.relation, birth_place = excluded.birth_place, birth_date = excluded.birth_date, sex =
    excluded.sex, marital = excluded.marital, phone = excluded.phone, conditions = excluded.conditions, facts =
    excluded.facts, removed = excluded.removed, excluded = excluded.excluded, verdict = excluded.verdict,
    reasons = excluded.reasons
