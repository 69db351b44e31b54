-- Whose logins these are, of all tenants. $1 ids of logins
select l.id, l.home, l.person_id, p.password
from login l
join person p on p.tenant = l.home and p.id = l.person_id
where l.tenant = 0 and l.id = any ($1::uuid[])
