-- Tenants, people with their grants, sessions and keys; logins and their throttle belong to no tenant.
set local search_path = :schema;

create table tenant (
    tenant bigint not null unique,
    id uuid not null,
    version bigint not null,
    code text not null,
    name text not null,
    zone text not null,
    added_at timestamptz not null,
    primary key (tenant, id)
);

create table person (
    tenant bigint not null,
    id uuid not null unique,            -- found by id alone when its own session asks
    version bigint not null,            -- counts every event
    revision bigint not null,           -- counts what administrators change: the ETag
    state text not null check (state in ('active', 'disabled')),
    login text not null,
    name text not null,
    password text not null,             -- argon2id, as libsodium writes it
    grants text not null,               -- "1272:kelurahan:12.72.01.1003 1272:operator"
    sessions_from timestamptz not null, -- sessions begun earlier have ended
    added_at timestamptz not null,
    disabled_at timestamptz,
    primary key (tenant, id)
);
create unique index person_login on person (tenant, login);

-- Whose a login is: one for the whole installation, because who signs in has not said a tenant. tenant is 0.
create table login (
    tenant bigint not null check (tenant = 0),
    id uuid not null,                   -- of the login in lower case
    home bigint not null,
    person_id uuid not null,
    primary key (tenant, id)
);

-- Failures by a hash of the login, known or not: at most 2^20 rows, so that guessing cannot fill the disk. tenant is 0.
create table throttle (
    tenant bigint not null check (tenant = 0),
    id uuid not null,
    failures integer not null,
    last_at timestamptz not null,
    primary key (tenant, id)
) with (fillfactor = 70);

create table session (
    tenant bigint not null,
    id uuid not null unique,
    person_id uuid not null,
    token_sha256 bytea not null unique,
    user_agent text not null,
    started_at timestamptz not null,
    expires_at timestamptz not null,
    seen_at timestamptz not null,       -- to a tenth of the idle limit
    ended_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 80);

create table api_key (
    tenant bigint not null,
    id uuid not null,
    person_id uuid not null,
    name text not null,
    secret_sha256 bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (tenant, id)
);

alter table tenant enable row level security;
alter table person enable row level security;
alter table login enable row level security;
alter table throttle enable row level security;
alter table session enable row level security;
alter table api_key enable row level security;

create policy tenant on tenant using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on person using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on session using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on api_key using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy nobodys on login using ((tenant = 0) is true);
create policy nobodys on throttle using ((tenant = 0) is true);

-- A token or a login comes without a tenant: the reader finds whose it is, and changes nothing.
create policy finding on tenant for select to :reader using ((select current_setting ('padan.tenants', true)) = '*');
create policy finding on person for select to :reader using ((select current_setting ('padan.tenants', true)) = '*');
create policy finding on session for select to :reader using ((select current_setting ('padan.tenants', true)) = '*');
create policy finding on api_key for select to :reader using ((select current_setting ('padan.tenants', true)) = '*');

grant select, insert, update on tenant, person, login, throttle, session, api_key to :login;
grant select on tenant, person, login, throttle, session, api_key to :reader;
