-- Cards on their way from BPJS Kesehatan to the door.
set local search_path = :schema;

create table card (
    tenant bigint not null,
    id uuid not null,               -- name-based, of the member
    version bigint not null,
    state text not null,            -- expected, received, handed, delivered, failed
    application_id uuid not null,
    member_id uuid not null,
    name text not null,             -- whose it is
    card_number text not null,
    village text not null,
    fetched boolean not null,         -- the office hands it out itself
    couriers integer not null,      -- bits of the roles that may carry it, by the profile
    profile_sha256 bytea not null,
    courier_id uuid,
    receiver text not null,
    relation text not null,
    proof_sha256 bytea,
    reason text not null,           -- of the last failure
    expected_at timestamptz not null,
    since timestamptz not null,     -- in this state
    due_at timestamptz,             -- when the next step is late; null: ended
    primary key (tenant, id)
) with (fillfactor = 70);
create index card_state on card (tenant, state, expected_at, id);
create index card_courier on card (tenant, courier_id, expected_at, id);

-- People of accounts, as far as cards need them.
create table courier (
    tenant bigint not null,
    id uuid not null,               -- the person
    version bigint not null,        -- of accounts' row
    grants text not null,           -- '' once disabled
    primary key (tenant, id)
) with (fillfactor = 80);

create table bulk (
    tenant bigint not null,
    id uuid not null,
    act text not null,              -- receive, hand
    courier_id uuid,
    asked_by uuid,
    asked_at timestamptz not null,
    targets integer not null,
    waiting integer not null,
    primary key (tenant, id)
) with (fillfactor = 50);

create table bulk_target (
    tenant bigint not null,
    bulk_id uuid not null,
    ordinal integer not null,
    card_id uuid not null,
    expected bigint not null,       -- version its asker saw, 0 none
    outcome text not null,          -- waiting, done, refused
    code text not null,
    version bigint not null,        -- after it, 0 unknown
    primary key (tenant, bulk_id, ordinal)
) with (fillfactor = 70);

-- Rows of a tenant are visible only to a transaction that named it.
alter table card enable row level security;
alter table courier enable row level security;
alter table bulk enable row level security;
alter table bulk_target enable row level security;
create policy tenant on card using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on courier using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on bulk using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on bulk_target using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert, update on card, courier, bulk, bulk_target to :login;
grant select on card, courier, bulk, bulk_target to :reader;
