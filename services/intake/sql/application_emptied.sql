-- Which of these applications ended because everybody in them had moved to another one. $1 tenant, $2 ids
select a.id
from application a
where a.tenant = $1::bigint and a.id = any ($2::uuid[]) and a.state = 'withdrawn'
    and not exists (select from member m where m.tenant = a.tenant and m.application_id = a.id and not m.removed)
