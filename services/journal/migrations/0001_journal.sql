-- One gap-free history per tenant: a story per subject, the events, who is in an application, where the history stands.
set local search_path = :schema;

create table story (
    tenant bigint not null,
    id uuid not null,               -- the subject
    version bigint not null,        -- of the newest event placed; 0: only later ones have come, they are held
    kind text not null,
    ticket text not null,
    ticket_key text not null,       -- its letters and digits only
    state text not null,
    holder text not null,
    waits_for text not null,
    due_at timestamptz,
    place text not null,
    people integer not null,        -- without an outcome yet
    excluded integer not null,      -- stayed behind when it was sent
    people_version bigint not null, -- person and person_word of this version are current
    ids bytea not null,             -- tails of the newest event ids, 8 bytes a version: tells a repeat from a conflict
    follower_id uuid,               -- newest event that came after a version without making one
    changed_at timestamptz not null,
    primary key (tenant, id)
) with (fillfactor = 70);
create index story_list on story (tenant, kind, state, id);
create index story_ticket on story (tenant, ticket_key) where ticket_key <> '';

-- Events that wait for one before them. A row whose event was placed is empty (version 0) and used again.
create table held (
    tenant bigint not null,
    story uuid not null,
    ordinal integer not null,
    version bigint not null,
    event_id uuid,
    log text not null,
    envelope bytea,
    held_at timestamptz,
    primary key (tenant, story, ordinal)
) with (fillfactor = 70);
create index held_waiting on held (held_at) where version > 0;

-- What happened, in the order of its tenant. Public but for detail, actor, salt: those may be set to null, and the chain
-- still holds, because it covers the public columns and personal_hash alone.
create table event (
    tenant bigint not null,
    number bigint not null,
    story uuid not null,
    event_id uuid not null,
    type text not null,
    kind text not null,
    version bigint not null,
    application_id uuid,
    state text not null,
    place text not null,
    code text not null,
    role text not null,
    at timestamptz not null,
    personal_hash bytea not null,   -- SHA-256 of the salt and the whole message
    chain bytea not null,           -- SHA-256 of the chain before, the public columns, personal_hash
    salt bytea,
    detail text,                    -- for officers: a reason in somebody's words
    actor text,                     -- for officers: name of who acted; null: a service
    primary key (tenant, number)
);
create index event_application on event (tenant, application_id, number) where application_id is not null;

-- Who is in an application, for search only. May be erased.
create table person (
    tenant bigint not null,
    application_id uuid not null,
    slot integer not null,          -- place in the family
    version bigint not null,
    name text not null,
    normal text not null,
    nik bigint,
    kk bigint,
    head boolean not null,
    primary key (tenant, application_id, slot)
) with (fillfactor = 80);
create index person_nik on person (tenant, nik) where nik is not null;
create index person_kk on person (tenant, kk) where kk is not null;

-- Words of their names. Ranges of collation "C" are prefixes, and their operators are leakproof, so that the index is
-- used under row-level security (a trigram index would not be).
create table person_word (
    tenant bigint not null,
    word text collate "C" not null,
    application_id uuid not null,
    version bigint not null,
    primary key (tenant, word, application_id)
) with (fillfactor = 80);

-- Where a tenant's history stands. One row a tenant, id from its number.
create table head (
    tenant bigint not null,
    id uuid not null,
    number bigint not null,
    chain bytea not null,
    primary key (tenant, id)
) with (fillfactor = 10);

create table total (
    tenant bigint not null,
    head uuid not null,
    ordinal integer not null,
    what text not null,             -- application, member, letter, batch, card, …
    code text not null,             -- state or outcome
    count bigint not null,
    primary key (tenant, head, ordinal)
) with (fillfactor = 50);

-- Rows of a tenant are visible only to a transaction that named it.
alter table story enable row level security;
alter table held enable row level security;
alter table event enable row level security;
alter table person enable row level security;
alter table person_word enable row level security;
alter table head enable row level security;
alter table total enable row level security;
create policy tenant on story using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on held using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on event using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on person using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on person_word using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on head using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
create policy tenant on total using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert, update on story, held, person, person_word, head, total to :login;
grant select, insert on event to :login; -- history is never changed
grant select on story, event, person, person_word, head, total to :reader;
