-- People of a batch with their family's dossier, in the order of its file. $1 tenant, $2 batch, $3 after this line,
-- $4 limit
select p.line, p.ordinal, p.member_id, w.id, w.dossier
from waiting w
join person p on p.tenant = w.tenant and p.application_id = w.id
where w.tenant = $1::bigint and w.batch_id = $2::uuid and p.line > $3::integer
order by p.line
limit $4::bigint
