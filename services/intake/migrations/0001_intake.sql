-- Applications with their members and papers, who is in an open one, profiles, and imports of proposals.
set local search_path = :schema;

create table application (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,
    state text not null,
    ticket text not null,
    track text not null,
    kk bigint not null,
    street text not null,
    rt text not null,
    rw text not null,
    village text not null,
    village_name text not null,
    postal_code text not null,
    profile_sha256 bytea not null,
    entered_by uuid,                -- null: an import of a service
    entered_at timestamptz not null,
    source text not null,           -- counter, import
    payer text not null,            -- '': not chosen yet
    held_by text not null,
    returned_reason text not null,
    ended_reason text not null,     -- withdrawn or rejected
    content_version bigint not null,-- of the newest content: verdicts below it are of other words
    judged_version bigint not null, -- 0: not yet
    missing text not null,          -- papers, comma separated
    since timestamptz not null,     -- in this state
    primary key (tenant, id)
) with (fillfactor = 80);
create index application_list on application (tenant, entered_at desc, id desc);
create index application_state on application (tenant, state, entered_at desc, id desc);
create index application_ticket on application (tenant, ticket);

create table member (
    tenant bigint not null,
    application_id uuid not null,
    ordinal integer not null,
    member_id uuid not null,
    nik bigint,                     -- null: a newborn without one
    mother_nik bigint,
    name text not null,
    relation integer not null,
    birth_place text not null,
    birth_date date not null,
    sex integer not null,
    marital integer not null,
    phone text not null,
    conditions bigint not null,     -- bits, by the profile's words
    facts bigint not null,          -- likewise, as checks found them
    removed boolean not null,       -- by a correction
    excluded boolean not null,      -- held back by its verdict when the others were sent
    verdict integer not null,
    reasons bytea,                  -- MemberVerdict; null: not judged
    primary key (tenant, application_id, ordinal)
) with (fillfactor = 80);

create table paper (
    tenant bigint not null,
    application_id uuid not null,
    ordinal integer not null,
    kind text not null,
    file_sha256 bytea not null,
    media_type text not null,
    size bigint not null,
    member_id uuid,                 -- null: the family's
    number text not null,
    paper_date date,
    signed_by text not null,
    materai boolean not null,
    materai_serial text not null,
    replaced boolean not null,      -- by a later one of the same kind
    attached_at timestamptz not null,
    attached_by uuid,
    primary key (tenant, application_id, ordinal)
) with (fillfactor = 80);

-- Who is in an open application. id: name-based, of tenant and NIK; application_id null: in none now.
create table claim (
    tenant bigint not null,
    id uuid not null,
    application_id uuid,
    ticket text not null,
    since timestamptz not null,
    primary key (tenant, id)
) with (fillfactor = 80);

-- The same across tenants, blindly: id is a keyed hash of the NIK, holder one of the application. Tenant is always 0.
create table claim_anywhere (
    tenant bigint not null check (tenant = 0),
    id uuid not null,
    holder uuid,
    since timestamptz not null,
    primary key (tenant, id)
) with (fillfactor = 80);

create table profile (
    tenant bigint not null,
    id uuid not null,               -- name-based, of the hash
    sha256 bytea not null,
    version integer not null,
    yaml bytea not null,
    published_by uuid,
    published_at timestamptz not null,
    primary key (tenant, id)
);

-- One row a tenant: which profile new applications are entered under.
create table profile_current (
    tenant bigint not null,
    id uuid not null,
    sha256 bytea not null,
    version integer not null,
    since timestamptz not null,
    primary key (tenant, id)
);

create table import (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,        -- chunks committed
    kind text not null,
    period text not null,
    source text not null,
    file_sha256 bytea not null,
    size bigint not null,
    profile_sha256 bytea not null,
    state text not null,            -- queued, running, done, failed
    layout text not null,           -- what the header said; '': not read yet
    position bigint not null,       -- byte from which reading goes on
    line bigint not null,
    rows bigint not null,
    created bigint not null,
    changed bigint not null,
    unchanged bigint not null,
    refused bigint not null,
    started_by uuid,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 70);

-- A row of a source's file for a period, known by its person. id: name-based, of source, period and person.
create table import_row (
    tenant bigint not null,
    id uuid not null,
    content uuid not null,          -- hash of the row's cells
    other uuid,                     -- of a second row for this person, refused
    application_id uuid not null,
    member_id uuid not null,
    import_id uuid not null,        -- that wrote it last
    primary key (tenant, id)
) with (fillfactor = 90);

create table import_problem (
    tenant bigint not null,
    id uuid not null,               -- name-based, of import, line and column
    import_id uuid not null,
    line bigint not null,
    column_name text not null,
    code text not null,
    detail text not null,
    primary key (tenant, id)
);
create index import_problem_line on import_problem (tenant, import_id, line, column_name);

-- Rows of a tenant are visible only to a transaction that named it.
alter table application enable row level security;
alter table member enable row level security;
alter table paper enable row level security;
alter table claim enable row level security;
alter table claim_anywhere enable row level security;
alter table profile enable row level security;
alter table profile_current enable row level security;
alter table import enable row level security;
alter table import_row enable row level security;
alter table import_problem enable row level security;
create policy tenant on application using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on member using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on paper using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on claim using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
-- Hashes under a key only the service has: whose they are cannot be seen, so every transaction may look.
create policy blind on claim_anywhere using ((tenant = 0) is true);
create policy tenant on profile using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on profile_current using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on import using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on import_row using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on import_problem using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert, update on application, member, paper, claim, claim_anywhere, profile_current, import, import_row
    to :login;
grant select, insert on profile, import_problem to :login;
-- Locking a row takes the right to update one; profiles and problems never change.
grant update (version) on profile to :login;
grant update (line) on import_problem to :login;
grant select on application, member, paper, profile, profile_current, import, import_row, import_problem to :reader;
