-- Stories of a person's applications, locked in order. $1 tenant, $2 NIK
select s.id, s.holder <> '' as under_way
from story s
where s.tenant = $1::bigint
    and s.id in (select p.application_id from person p where p.tenant = $1::bigint and p.nik = $2::bigint)
order by s.id
for update
