-- one array a column, in the table's order
insert into member (tenant, application_id, ordinal, member_id, gone, nik, nik_reason, mother_nik, name, birth_place,
    birth_date, sex, marital, conditions, claim, verdict, reasons)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::boolean[], $6::bigint[],
    $7::integer[], $8::bigint[], $9::text[], $10::text[], $11::date[], $12::integer[], $13::integer[], $14::text[],
    $15::uuid[], $16::integer[], $17::bytea[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, gone = excluded.gone, nik = excluded.nik, nik_reason = excluded.nik_reason,
    mother_nik = excluded.mother_nik, name = excluded.name, birth_place = excluded.birth_place,
    birth_date = excluded.birth_date, sex = excluded.sex, marital = excluded.marital,
    conditions = excluded.conditions, claim = excluded.claim, verdict = excluded.verdict, reasons = excluded.reasons
