-- one array a column, in the table's order
insert into application (tenant, id, version, state, source, track, kk, kk_reason, profile, street, entered_at,
    judged_version, judged_at, waits, poverty_version, membership_version, village)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::integer[], $9::bytea[], $10::text[], $11::timestamptz[], $12::bigint[], $13::timestamptz[], $14::integer[],
    $15::bigint[], $16::bigint[], $17::text[])
