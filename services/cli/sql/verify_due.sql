-- Leases nobody can still hold; work that failed without saying why.
select format ('%s %s is leased since before %s', kind, id, lease_until) from due
where lease_until < clock_timestamp () - interval '1 hour' and due_at is not null
union all
select format ('%s %s waits for a person without a reason', kind, id) from due
where due_at is null and coalesce (reason, '') = ''
limit 20
