-- New rows. One array a column; ordinal is not kept.
insert into event (tenant, story, number, event_id, type, kind, version, application_id, state, place, code, role, at,
    personal_hash, chain, salt, detail, actor)
select tenant, story, number, event_id, type, kind, version, application_id, state, place, code, role, at,
    personal_hash, chain, salt, detail, actor
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::bigint[],
    $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::bytea[], $16::bytea[],
    $17::bytea[], $18::text[], $19::text[]) n (tenant, story, ordinal, number, event_id, type, kind, version,
    application_id, state, place, code, role, at, personal_hash, chain, salt, detail, actor)
