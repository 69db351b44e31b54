-- Open applications that name a person who became free. $1 tenant, $2 claim
select distinct m.application_id
from member m
join application a on a.tenant = m.tenant and a.id = m.application_id
where m.tenant = $1::bigint and m.claim = $2::uuid and not m.gone and a.state = 'open'
