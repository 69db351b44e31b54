-- Which of these subjects have parked entries of that log. $1 log, $2 tenant, $3 subject
select w.n from unnest ($1::text[], $2::bigint[], $3::uuid[]) with ordinality w (log, tenant, subject, n)
where exists (select from parked p where p.log = w.log and p.tenant = w.tenant and p.subject = w.subject)
