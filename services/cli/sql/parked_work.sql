-- Work that failed too often and waits for a person. Its payload and rows are as they were.
select d.id::text, d.kind, d.tenant, d.subject::text, d.attempts, coalesce (d.reason, '') as reason
from due d
where d.due_at is null
order by d.id
limit 200
