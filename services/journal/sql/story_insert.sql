-- New rows; one that exists violates the key.
insert into story (tenant, id, version, kind, ticket, ticket_key, state, holder, waits_for, due_at, place, people,
    excluded, people_version, ids, follower_id, changed_at)
select * from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::integer[], $13::integer[], $14::bigint[],
    $15::bytea[], $16::uuid[], $17::timestamptz[])
