-- Changed, locked before: applications batching knows.
update waiting x
set version = n.version, state = n.state, track = n.track, ticket = n.ticket, transfer = n.transfer, priority =
    n.priority, people = n.people, accepted = n.accepted, refused = n.refused, since = n.since, due_at = n.due_at,
    due_day = n.due_day, batch_id = n.batch_id, letter_number = n.letter_number, profile_sha256 = n.profile_sha256,
    dossier = n.dossier
from unnest ($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[],
    $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::timestamptz[], $13::timestamptz[],
    $14::date[], $15::uuid[], $16::text[], $17::bytea[], $18::bytea[])
    n (tenant, id, version, state, track, ticket, transfer, priority, people, accepted, refused, since, due_at, due_day,
        batch_id, letter_number, profile_sha256, dossier)
where x.tenant = n.tenant and x.id = n.id
