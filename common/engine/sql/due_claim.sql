-- Claims ready rows of one kind: by priority, then a row of each tenant in turn, so that the work of one kota never
-- waits behind all of another's. Rows another worker is just claiming are passed over. A lease that ran out counts as
-- an attempt, and such a row is claimed alone: it may be what ended the worker that had it.
-- $1 kind, $2 limit, $3 rows looked at per tenant and in all, $4 token, $5 lease in seconds
with recursive tenants (tenant) as (
    (select tenant from due where kind = $1::text and due_at is not null order by tenant limit 1)
    union all
    select (select d.tenant from due d where d.kind = $1::text and d.due_at is not null and d.tenant > t.tenant
            order by d.tenant limit 1)
    from tenants t where t.tenant is not null
), waiting as (
    select w.*
    from tenants t
    cross join lateral (
        select d.id, d.priority, d.due_at, row_number () over (order by d.priority, d.due_at) as turn
        from due d
        where d.kind = $1::text and d.tenant = t.tenant and d.due_at <= clock_timestamp ()
            and (d.lease_until is null or d.lease_until < clock_timestamp ())
        order by d.priority, d.due_at
        limit $3::bigint
    ) w
    order by w.priority, w.turn, w.due_at
    limit $3::bigint
), locked as (
    select d.id, d.lease_until is not null as ran_out, w.priority, w.turn, w.due_at
    from waiting w
    join due d on d.id = w.id
    where d.due_at <= clock_timestamp () and (d.lease_until is null or d.lease_until < clock_timestamp ())
    order by w.priority, w.turn, w.due_at
    limit $2::bigint
    for update of d skip locked
), claimed as (
    select id, ran_out, row_number () over earlier as place, bool_or (ran_out) over earlier as one_ran_out
    from locked
    window earlier as (order by priority, turn, due_at, id)
)
update due d
set lease_token = $4::uuid, lease_until = clock_timestamp () + make_interval (secs => $5::integer),
    attempts = d.attempts + c.ran_out::integer
from claimed c
where d.id = c.id and (c.place = 1 or not c.one_ran_out)
returning d.id, d.tenant, d.subject, d.input_version, d.attempts, d.payload
