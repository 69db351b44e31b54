-- New or changed: targets.
insert into bulk_target (tenant, bulk_id, ordinal, card_id, expected, outcome, code, version)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::bigint[], $6::text[], $7::text[],
    $8::bigint[])
on conflict (tenant, bulk_id, ordinal) do update
set card_id = excluded.card_id, expected = excluded.expected, outcome = excluded.outcome, code = excluded.code,
    version = excluded.version
