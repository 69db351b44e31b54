-- one array a column, in the table's order. Takes the place of one that has expired, and a hundred others that have leave.
with expired as materialized (
    select a.tenant, a.id from answer a
    where a.tenant = any ($1::bigint[]) and a.valid_until <= now () and a.id <> all ($2::uuid[])
    limit 100
    for update skip locked
), gone as (
    delete from answer a using expired e where a.tenant = e.tenant and a.id = e.id
)
insert into answer (tenant, id, pairs, valid_until)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::bytea[]), unnest ($4::timestamptz[])
on conflict (tenant, id) do update set pairs = excluded.pairs, valid_until = excluded.valid_until
