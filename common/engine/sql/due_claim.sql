-- Claims ready rows of one kind, fairly by tenant: each tenant with work gives its own most urgent ones.
-- $1 kind, $2 limit, $3 per tenant, $4 token, $5 lease in seconds
with recursive tenants (tenant) as (
    (select tenant from due where kind = $1::text and due_at is not null order by tenant limit 1)
    union all
    select (select d.tenant from due d where d.kind = $1::text and d.due_at is not null and d.tenant > t.tenant
            order by d.tenant limit 1)
    from tenants t where t.tenant is not null
), ready as (
    select r.id
    from tenants t
    cross join lateral (
        select d.id, d.priority, d.due_at from due d
        where d.kind = $1::text and d.tenant = t.tenant and d.due_at <= clock_timestamp ()
            and (d.lease_until is null or d.lease_until < clock_timestamp ())
        order by d.priority, d.due_at
        limit $3::bigint
        for update skip locked
    ) r
    where t.tenant is not null
    order by r.priority, r.due_at
    limit $2::bigint
)
update due d
set lease_token = $4::uuid, lease_until = clock_timestamp () + make_interval (secs => $5::integer)
from ready r
where d.id = r.id
returning d.id, d.tenant, d.subject, d.input_version, d.attempts, d.payload
