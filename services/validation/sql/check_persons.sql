-- What the current snapshot of the poverty registry says of these people. $1 tenant, $2 version, $3 NIK
select p.nik, coalesce (p.decile, f.decile, -1) as decile
from poverty_person p
left join poverty_family f on f.tenant = p.tenant and f.version = p.version and f.kk = p.kk
where p.tenant = $1::bigint and p.version = $2::bigint and p.nik = any ($3::bigint[])
