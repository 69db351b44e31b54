-- New or changed: their people.
insert into person (tenant, application_id, ordinal, member_id, nik, state, line, card_number, active_date, reason,
    decided_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::bigint[], $6::text[], $7::integer[],
    $8::text[], $9::date[], $10::text[], $11::timestamptz[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, nik = excluded.nik, state = excluded.state, line = excluded.line, card_number =
    excluded.card_number, active_date = excluded.active_date, reason = excluded.reason, decided_at =
    excluded.decided_at
