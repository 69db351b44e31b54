-- Who lines of a reply speak of: by NIK, or by line those of the batch who have none. $1 tenant, $2 batch, $3 NIKs,
-- $4 lines
select p.application_id, p.member_id, p.ordinal, p.nik, p.line, null::bytea as dossier
from person p
join waiting w on w.tenant = p.tenant and w.id = p.application_id
where p.tenant = $1::bigint and w.batch_id = $2::uuid and p.line > 0 and p.nik = any ($3::bigint[])
union all
select p.application_id, p.member_id, p.ordinal, p.nik, p.line, w.dossier
from waiting w
join person p on p.tenant = w.tenant and p.application_id = w.id
where w.tenant = $1::bigint and w.batch_id = $2::uuid and p.nik is null and p.line = any ($4::integer[])
