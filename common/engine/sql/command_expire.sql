-- Forgets old replies, oldest first. $1 days, $2 rows at most
delete from command c
using (select tenant, person, route, key from command
       where stored_at < now () - make_interval (days => $1::integer)
       order by stored_at limit $2::bigint) old
where (c.tenant, c.person, c.route, c.key) = (old.tenant, old.person, old.route, old.key)
