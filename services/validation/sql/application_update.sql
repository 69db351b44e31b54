-- one array a column, in the table's order
update application a
set version = n.version, state = n.state, source = n.source, track = n.track, kk = n.kk, kk_reason = n.kk_reason,
    profile = n.profile, street = n.street, entered_at = n.entered_at, judged_version = n.judged_version,
    judged_at = n.judged_at, waits = n.waits, poverty_version = n.poverty_version,
    membership_version = n.membership_version, village = n.village
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::integer[], $9::bytea[], $10::text[], $11::timestamptz[], $12::bigint[], $13::timestamptz[], $14::integer[],
    $15::bigint[], $16::bigint[], $17::text[])
    n (tenant, id, version, state, source, track, kk, kk_reason, profile, street, entered_at, judged_version,
       judged_at, waits, poverty_version, membership_version, village)
where a.tenant = n.tenant and a.id = n.id
