-- People of a tenant by login. $1 tenant, $2 after this login, $3 limit
select id, login, name, grants, state, revision
from person
where tenant = $1::bigint and login > $2::text
order by login
limit $3::bigint
