-- The reply a service remembers for a command. $1 tenant, $2 person, $3 route, $4 key
select reply from command where tenant = $1::bigint and person = $2::uuid and route = $3::text and key = $4::text
