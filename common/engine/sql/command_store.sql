-- Replies of a transaction without events: refusals and the like. Same columns as in log_append from $9 on. In the
-- order of their keys: nothing else puts two batches with the same commands in order.
insert into command (tenant, person, route, key, body_hash, reply, position)
select r.tenant, r.person, r.route, r.key, r.body_hash, r.reply, 0
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::bigint[])
    r (tenant, person, route, key, body_hash, reply, events)
order by r.tenant, r.person, r.route, r.key
