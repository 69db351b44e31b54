-- What an application holds without need: it ended, or the person was taken out of it. $1 tenant, $2 application
select c.id
from claim c
join application a on a.tenant = $1::bigint and a.id = c.application_id
where c.application_id = $2::uuid and c.holder = $1::bigint
    and (a.state = 'ended' or not exists (
        select from member m
        where m.tenant = a.tenant and m.application_id = a.id and m.claim = c.id and not m.gone))
