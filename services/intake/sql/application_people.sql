-- What a decision about an application needs beforehand: its profile and the people it names.
-- $1 tenant, $2 ids. One row a member; nik null: none.
select a.id, a.profile_sha256, m.nik
from application a
left join member m on m.tenant = a.tenant and m.application_id = a.id and not m.removed
where a.tenant = $1::bigint and a.id = any ($2::uuid[])
order by a.id, m.ordinal
