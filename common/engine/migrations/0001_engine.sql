-- What every service has: its log, the replies it gave, its places in other logs, what is parked and what is due.
-- :schema, :login and :reader are the service's own.
set local search_path = :schema;

-- One row: the newest position of the log. Taken by the last statement of a transaction, so that positions are
-- gap-free and in commit order and the lock lives only through the commit.
create table log_head (
    one boolean primary key default true check (one),
    epoch uuid not null,
    position bigint not null
) with (fillfactor = 10);
insert into log_head (epoch, position) values (gen_random_uuid (), 0);

-- Segments are ranges of positions, so that old ones are dropped whole and never deleted row by row.
create table log (
    position bigint primary key,
    partition integer not null,
    tenant bigint not null,
    subject uuid not null,
    version bigint not null,
    type text not null,
    id uuid not null,
    hash bytea not null,
    envelope bytea not null
) partition by range (position);

-- Makes the segment that holds `at`; a login may not create tables itself.
create function log_segment (at bigint) returns void
language plpgsql security definer set search_path = :schema, pg_temp as $$
declare
    size constant bigint := 1000000;
    first bigint := (at - 1) / size * size + 1;
    name text := format ('log_%s', (at - 1) / size);
begin
    if to_regclass (name) is null then
        execute format ('create table %I partition of log for values from (%s) to (%s)', name, first, first + size);
    end if;
end $$;
revoke all on function log_segment from public;
select log_segment (1);
select log_segment (1000001);

create table command (
    tenant bigint not null,
    person uuid not null,           -- of one of our services: made from its name
    route text not null,
    key text not null,
    body_hash bytea not null,
    reply bytea not null,
    position bigint not null,       -- where its events ended; with no events, the newest position then
    stored_at timestamptz not null default now (),
    primary key (tenant, person, route, key)
);
create index command_stored_at on command (stored_at);

-- Our place in each partition of each log we follow.
create table follow (
    log text not null,
    partition integer not null check (partition between 0 and 63),
    position bigint not null default 0,
    epoch uuid,
    last_position bigint not null default 0,
    last_hash bytea not null default '\x00000000000000000000000000000000',
    primary key (log, partition)
) with (fillfactor = 50);

-- Entries that failed, and those of the same subject behind them, in order.
create table parked (
    log text not null,
    position bigint not null,
    partition integer not null,
    tenant bigint not null,
    subject uuid not null,
    envelope bytea not null,
    attempts integer not null,
    retry_at timestamptz,           -- null: waits for a person
    reason text not null,
    parked_at timestamptz not null default now (),
    primary key (log, position)
);
create index parked_subject on parked (log, tenant, subject, position);

-- What a person took out of the way: the effect of these entries is missing here, and this says who wanted it so.
create table dropped (
    log text not null,
    position bigint not null,
    tenant bigint not null,
    subject uuid not null,
    envelope bytea not null,
    reason text not null,           -- why it was parked
    dropped_by text not null,
    dropped_because text not null,
    dropped_at timestamptz not null default now (),
    primary key (log, position)
);

-- Work that takes time or comes later. A claim is a lease; finishing is by compare-and-set on its token.
create table due (
    id uuid primary key,
    tenant bigint not null,
    kind text not null,
    subject uuid not null,
    input_version bigint not null,
    priority integer not null,
    due_at timestamptz,             -- null: failed too often, waits for a person
    payload bytea not null,
    attempts integer not null default 0,
    lease_until timestamptz,
    lease_token uuid,
    reason text,
    unique (tenant, kind, subject, input_version)
) with (fillfactor = 70);
create index due_ready on due (kind, tenant, priority, due_at) where due_at is not null;
create index due_soon on due (kind, due_at) where due_at is not null; -- is anything ready, past all timers that are not

-- Rows of a tenant are visible only to a transaction that named it; '*' is the engine looking for work.
alter table log enable row level security;
alter table command enable row level security;
alter table parked enable row level security;
alter table due enable row level security;
alter table dropped enable row level security;
create policy tenant on log using ((select current_setting ('padan.tenants', true)) = '*'
    or tenant = any ((select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[]));
create policy tenant on command using ((select current_setting ('padan.tenants', true)) = '*'
    or tenant = any ((select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[]));
create policy tenant on parked using ((select current_setting ('padan.tenants', true)) = '*'
    or tenant = any ((select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[]));
create policy tenant on due using ((select current_setting ('padan.tenants', true)) = '*'
    or tenant = any ((select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[]));
create policy tenant on dropped using ((select current_setting ('padan.tenants', true)) = '*'
    or tenant = any ((select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[]));

grant usage on schema :schema to :login, :reader;
grant select, update on log_head to :login;
grant select, insert on log, command, dropped to :login;
grant delete on command to :login;
grant select, insert, update, delete on follow, parked, due to :login;
grant execute on function log_segment to :login;
grant select on log_head, log, command, follow, parked, due, dropped to :reader;
