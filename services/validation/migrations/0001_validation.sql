set local search_path = :schema;

-- What is judged: one row an application, as intake last told it.
create table application (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,
    state text not null,                -- open, ended
    source text not null,               -- counter, import
    track text not null,
    kk bigint,
    kk_reason integer not null,         -- enum nik_reason: why kk is null
    profile bytea not null,
    street text not null,
    entered_at timestamptz,
    judged_version bigint not null,     -- 0: never
    judged_at timestamptz,
    waits integer not null,             -- checks in a row that ended waiting
    poverty_version bigint not null,    -- snapshots the verdict relied on
    membership_version bigint not null,
    village text not null,              -- Kemendagri code
    primary key (tenant, id)
) with (fillfactor = 80);
create index application_poverty on application (tenant, poverty_version, id) where state = 'open' and judged_version > 0;
create index application_membership on application (tenant, membership_version, id) where state = 'open' and judged_version > 0;

create table member (
    tenant bigint not null,
    application_id uuid not null,
    ordinal integer not null,
    member_id uuid not null,
    gone boolean not null,              -- taken out by a correction
    nik bigint,
    nik_reason integer not null,
    mother_nik bigint,
    name text not null,
    birth_place text not null,
    birth_date date,
    sex integer not null,
    marital integer not null,
    conditions text not null,           -- the profile's words, separated by spaces
    claim uuid,                         -- the person, as claims know it; null: nothing to know it by
    verdict integer not null,
    reasons bytea,                      -- packed common.v1.MemberVerdict
    primary key (tenant, application_id, ordinal)
) with (fillfactor = 80);
create index member_claim on member (tenant, claim) where claim is not null;

-- Who holds a person, in all tenants: a keyed hash of the NIK and nobody's data, so that one office's question is
-- answered without showing another office's residents. tenant is always 0, and the policy lets every office see
-- these rows and no others.
create table claim (
    tenant bigint not null check (tenant = 0),
    id uuid not null,
    holder bigint,                      -- the tenant; null: free
    application_id uuid,
    primary key (tenant, id)
) with (fillfactor = 80);
create index claim_application on claim (application_id) where application_id is not null;
create table claim_key (one boolean primary key default true check (one), key bytea not null);
insert into claim_key (key)
values (decode (replace (gen_random_uuid ()::text || gen_random_uuid ()::text, '-', ''), 'hex'));

-- Positive answers of Dukcapil as match results, known by a hash of everything that was asked.
create table answer (
    tenant bigint not null,
    id uuid not null,
    pairs bytea not null,
    valid_until timestamptz not null,
    primary key (tenant, id)
);

-- Which snapshot is current. Held for share while a verdict that relied on it commits.
create table registry (
    tenant bigint not null,
    id uuid not null,
    name text not null,                 -- poverty, membership
    current_version bigint not null,    -- 0: none loaded yet
    newest_version bigint not null,     -- given to a load, finished or not
    period text not null,
    rows bigint not null,
    switched_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 50);

create table import (
    tenant bigint not null,
    id uuid not null,
    registry text not null,
    snapshot bigint not null,
    period text not null,
    source text not null,
    file_sha256 bytea not null,
    file_size bigint not null,
    family_sha256 bytea,
    family_size bigint not null,
    state text not null,                -- queued, running, done, superseded, failed
    step text not null,                 -- family, person, member, count
    chunk bigint not null,              -- the next one
    layout text not null,
    next_offset bigint not null,
    next_line bigint not null,
    next_row bigint not null,
    bytes_done bigint not null,         -- of files already finished
    rows bigint not null,
    kept bigint not null,
    refused bigint not null,
    problems integer not null,
    failure text not null,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 50);
create index import_registry on import (tenant, registry, snapshot);

create table import_problem (
    tenant bigint not null,
    import_id uuid not null,
    ordinal integer not null,
    line bigint not null,
    field text not null,
    code text not null,
    detail text not null,
    primary key (tenant, import_id, ordinal)
);

-- Snapshots: written once by their load, read by key.
create table poverty_person (
    tenant bigint not null,
    version bigint not null,
    nik bigint not null,
    kk bigint,
    decile integer,                     -- 0: not ranked; null: not said
    primary key (tenant, version, nik)
);
create table poverty_family (
    tenant bigint not null,
    version bigint not null,
    kk bigint not null,
    decile integer,
    primary key (tenant, version, kk)
);
create table membership (
    tenant bigint not null,
    version bigint not null,
    nik bigint not null,
    card text not null,
    segment text not null,
    payer text not null,
    status text not null,
    primary key (tenant, version, nik, card)
);

do $$
declare name text;
begin
    foreach name in array array['application', 'member', 'answer', 'registry', 'import', 'import_problem',
                                'poverty_person', 'poverty_family', 'membership']
    loop
        execute format ('alter table %I enable row level security', name);
        execute format ('create policy tenant on %I using ((tenant = any ((select nullif (nullif (current_setting '
            '(''padan.tenants'', true), ''''), ''*'')::bigint[])::bigint[])) is true)', name);
    end loop;
end $$;
alter table claim enable row level security;
create policy blind on claim using (tenant = 0);
grant select, insert, update on application, member, claim, answer, registry, import, import_problem, poverty_person,
    poverty_family, membership to :login;
grant select on application, member, claim, claim_key, answer, registry, import, import_problem, poverty_person,
    poverty_family, membership to :reader;
