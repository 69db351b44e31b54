-- What waits for BPJS Kesehatan, the batches it goes in, and the replies that come back.
set local search_path = :schema;

-- An approved application, held here until each of its people has an outcome.
create table waiting (
    tenant bigint not null,
    id uuid not null,               -- the application
    version bigint not null,
    state text not null,            -- waiting, batched, finished
    track text not null,
    ticket text not null,
    transfer boolean not null,      -- its people are switched over and get no new card
    priority integer not null,      -- 0 first, by the profile's order
    people integer not null,
    accepted integer not null,
    refused integer not null,
    since timestamptz not null,     -- when approval let it go
    due_at timestamptz not null,    -- waiting: when its batch closes; batched: when BPJS should have answered
    due_day date not null,          -- the local day its batch closes
    batch_id uuid,
    letter_number text not null,
    profile_sha256 bytea not null,
    dossier bytea not null,         -- padan.common.v1.Dossier as approved
    primary key (tenant, id)
) with (fillfactor = 80);
create index waiting_order on waiting (tenant, track, priority, since, id) where state = 'waiting';
create index waiting_batch on waiting (tenant, batch_id);

create table person (
    tenant bigint not null,
    application_id uuid not null,
    ordinal integer not null,       -- as in the dossier
    member_id uuid not null,
    nik bigint,                     -- null: a newborn without one
    state text not null,            -- waiting, batched, accepted, refused
    line integer not null,          -- in the batch file, 0 not yet
    card_number text not null,
    active_date date,
    reason text not null,
    decided_at timestamptz,
    primary key (tenant, application_id, ordinal)
) with (fillfactor = 80);
create index person_nik on person (tenant, nik);

create table batch (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,        -- 0 while closing
    track text not null,
    number text not null,           -- '' while closing
    state text not null,            -- closing, empty, closed, written, sent, answered
    reason text not null,           -- of closing it before its day
    until_day date,                 -- takes what is due until then; null: all that waits
    started_at timestamptz not null,
    started_by uuid,                -- null: its day came
    closed_at timestamptz,
    applications integer not null,
    people integer not null,
    accepted integer not null,
    refused integer not null,
    file_sha256 bytea,
    file_size bigint not null,
    manifest_sha256 bytea,
    channel text not null,
    receipt text not null,
    sent_at timestamptz,
    answered_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 50);
create unique index batch_number on batch (tenant, number) where number <> '';

-- Numbers given (batches by track and year) and places taken (quota by month). id: name-based, of the name.
create table counter (
    tenant bigint not null,
    id uuid not null,
    name text not null,             -- number/<track>/<year>, quota/<year>-<month>, quota/funded
    value integer not null check (value >= 0),
    primary key (tenant, id)
) with (fillfactor = 50);

-- Who a person's open place, or a card, belongs to. id: name-based.
create table claim (
    tenant bigint not null,
    id uuid not null,               -- of nik/<NIK> or card/<number>
    holder uuid,                    -- of a NIK: the application, null free; of a card: the person
    primary key (tenant, id)
) with (fillfactor = 80);

create table import (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,
    batch_id uuid not null,
    source text not null,
    file_sha256 bytea not null,
    size bigint not null,
    state text not null,            -- queued, running, done, failed
    failure text not null,          -- code of why the file cannot be read
    layout text not null,           -- what the header said; '': not read yet
    position bigint not null,       -- byte from which reading goes on
    line bigint not null,
    next_row bigint not null,
    chunks bigint not null,         -- committed
    rows bigint not null,
    changed bigint not null,
    unchanged bigint not null,
    refused bigint not null,
    started_by uuid,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant, id)
) with (fillfactor = 50);

-- The line of a file that spoke for a person. id: name-based, of import and person, so that a second line is seen.
create table reply_row (
    tenant bigint not null,
    id uuid not null,
    import_id uuid not null,
    line bigint not null,
    application_id uuid not null,
    member_id uuid not null,
    outcome text not null,          -- accepted, refused, unchanged, problem
    primary key (tenant, id)
);

create table import_problem (
    tenant bigint not null,
    id uuid not null,               -- name-based, of import and line
    import_id uuid not null,
    line bigint not null,
    column_name text not null,
    code text not null,
    primary key (tenant, id)
);
create index import_problem_line on import_problem (tenant, import_id, line);

-- Rows of a tenant are visible only to a transaction that named it.
alter table waiting enable row level security;
alter table person enable row level security;
alter table batch enable row level security;
alter table counter enable row level security;
alter table claim enable row level security;
alter table import enable row level security;
alter table reply_row enable row level security;
alter table import_problem enable row level security;
create policy tenant on waiting using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on person using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on batch using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on counter using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on claim using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on import using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on reply_row using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on import_problem using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert, update on waiting, person, batch, counter, claim, import to :login;
grant select, insert on reply_row, import_problem to :login;
-- Locking a row takes the right to update one; lines and problems never change.
grant update (line) on reply_row, import_problem to :login;
grant select on waiting, person, batch, counter, claim, import, reply_row, import_problem to :reader;
