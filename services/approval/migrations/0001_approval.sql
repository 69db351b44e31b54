-- Files waiting for acts, what was sent with them, letters with their lists and acts, numbers, and bulks.
set local search_path = :schema;

create table file (
    tenant bigint not null,
    id uuid not null,               -- the application
    version bigint not null,
    state text not null,
    ticket text not null,
    track text not null,
    village text not null,
    people integer not null,
    profile_sha256 bytea not null,
    dossier_id uuid not null,
    letter_id uuid,
    act text not null,              -- of the profile, that waits; '': none
    role integer not null,          -- it waits for; 0: none, or it waits with its letter
    since timestamptz not null,
    due_at timestamptz,             -- null: the act has no standard
    entered_by uuid,
    sent_by uuid,
    reason text not null,           -- of the newest return or rejection
    primary key (tenant, id)
) with (fillfactor = 80);
create index file_inbox on file (tenant, role, since, id) where role > 0;
create index file_letter on file (tenant, letter_id) where letter_id is not null;

create table file_act (
    tenant bigint not null,
    file_id uuid not null,
    ordinal integer not null,
    act text not null,
    person_id uuid,
    name text not null,
    at timestamptz not null,
    primary key (tenant, file_id, ordinal)
);

-- What intake sent, as it sent it: an ApplicationSent. A file sent again gets another row; a letter names the one it
-- was written from.
create table dossier (
    tenant bigint not null,
    id uuid not null,               -- name-based, of application and version
    application_id uuid not null,
    version bigint not null,
    sent bytea not null,
    primary key (tenant, id)
);

create table letter (
    tenant bigint not null,
    id uuid not null,
    version bigint not null,
    state text not null,
    letter text not null,           -- the profile's id of it
    track text not null,
    profile_sha256 bytea not null,
    people integer not null,
    act text not null,              -- of the profile, that waits; '': none
    role integer not null,          -- it waits for; 0: none
    since timestamptz not null,
    due_at timestamptz,
    content_sha256 bytea not null,  -- of what every paraf covers
    drafted_at timestamptz not null,
    number text not null,           -- '': not signed yet
    number_id uuid,                 -- of the row it was taken from
    sequence bigint not null,       -- 0: not signed yet
    signed_at timestamptz,
    signer_title text not null,
    signer_name text not null,
    signer_rank text not null,
    signer_nip text not null,
    pdf_sha256 bytea,               -- null: not sealed yet
    pdf_size bigint not null,
    delivered_to text not null,
    receiver text not null,
    delivered_at timestamptz,
    reason text not null,           -- of its return
    primary key (tenant, id)
) with (fillfactor = 70);
create index letter_inbox on letter (tenant, role, since, id) where role > 0;
create index letter_list on letter (tenant, drafted_at desc, id desc);
create unique index letter_sequence on letter (tenant, number_id, sequence) where sequence > 0;

create table letter_file (
    tenant bigint not null,
    letter_id uuid not null,
    ordinal integer not null,
    application_id uuid not null,
    dossier_id uuid not null,
    primary key (tenant, letter_id, ordinal)
);

-- Who drafted, gave paraf, signed and delivered, and the hash of what they did it on.
create table letter_act (
    tenant bigint not null,
    letter_id uuid not null,
    ordinal integer not null,
    act text not null,
    kind text not null,             -- draft, paraf, sign, deliver
    role integer not null,
    person_id uuid,
    name text not null,
    at timestamptz not null,
    content_sha256 bytea not null,
    primary key (tenant, letter_id, ordinal)
);

-- One row a class, unit and year: the last number taken.
create table letter_number (
    tenant bigint not null,
    id uuid not null,               -- name-based, of class, unit and year
    class_code text not null,
    unit text not null,
    year integer not null,
    last bigint not null,
    primary key (tenant, id)
) with (fillfactor = 20);

create table bulk (
    tenant bigint not null,
    id uuid not null,
    act text not null,
    asked_by uuid,
    asked_at timestamptz not null,
    waiting integer not null,       -- targets without a result
    primary key (tenant, id)
) with (fillfactor = 50);

create table bulk_target (
    tenant bigint not null,
    bulk_id uuid not null,
    ordinal integer not null,
    target_id uuid not null,
    expected bigint not null,       -- version its asker saw, 0 none
    outcome text not null,          -- waiting, done, refused
    code text not null,             -- of the refusal
    version bigint not null,        -- after it; 0 unknown
    primary key (tenant, bulk_id, ordinal)
) with (fillfactor = 80);

-- Rows of a tenant are visible only to a transaction that named it.
alter table file enable row level security;
alter table file_act enable row level security;
alter table dossier enable row level security;
alter table letter enable row level security;
alter table letter_file enable row level security;
alter table letter_act enable row level security;
alter table letter_number enable row level security;
alter table bulk enable row level security;
alter table bulk_target enable row level security;
create policy tenant on file using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on file_act using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on dossier using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on letter using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on letter_file using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on letter_act using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on letter_number using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on bulk using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on bulk_target using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert, update on file, file_act, letter, letter_act, letter_number, bulk, bulk_target, letter_file
    to :login;
grant select, insert on dossier to :login;
grant update (version) on dossier to :login; -- locking a row takes the right to update one; dossiers never change
grant select on file, file_act, dossier, letter, letter_file, letter_act, bulk, bulk_target to :reader;
