-- New or changed: their people.
insert into person (tenant, application_id, ordinal, member_id, nik, state, line, card_number, active_date, reason,
    decided_at)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::uuid[]), unnest ($5::bigint[]),
    unnest ($6::text[]), unnest ($7::integer[]), unnest ($8::text[]), unnest ($9::date[]), unnest ($10::text[]),
    unnest ($11::timestamptz[])
on conflict (tenant, application_id, ordinal) do update
set member_id = excluded.member_id, nik = excluded.nik, state = excluded.state, line = excluded.line, card_number =
    excluded.card_number, active_date = excluded.active_date, reason = excluded.reason, decided_at =
    excluded.decided_at
