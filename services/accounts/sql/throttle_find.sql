-- Failures so far. $1 ids of throttles
select id, failures, last_at from throttle where tenant = 0 and id = any ($1::uuid[])
