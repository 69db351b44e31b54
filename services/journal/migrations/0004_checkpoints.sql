-- Signed statements of where a history stood: whoever replaces what came before cannot make them again.
set local search_path = :schema;

create table checkpoint (
    tenant bigint not null,
    number bigint not null,         -- the newest event then
    chain bytea not null,           -- its chain
    at timestamptz not null,
    signature bytea not null,       -- Ed25519, of journal.sign
    primary key (tenant, number)
);

alter table head add column signed bigint not null default 0; -- number of the newest checkpoint; behind `number`: one is due
update head set signed = number;                              -- so that the next event has one made

alter table checkpoint enable row level security;
create policy tenant on checkpoint using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert on checkpoint to :login;
grant select on checkpoint to :reader;
