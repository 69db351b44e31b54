-- When the next row of these kinds becomes ready. $1 kinds
select min (greatest (due_at, coalesce (lease_until, due_at))) from due where kind = any ($1::text[]) and due_at is not null
