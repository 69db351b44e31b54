-- Replies given before. $1 tenant, $2 person, $3 route, $4 key
select w.n, c.body_hash, c.reply, c.position
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::text[]) with ordinality w (tenant, person, route, key, n)
join command c using (tenant, person, route, key)
