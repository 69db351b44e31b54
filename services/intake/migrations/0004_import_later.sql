-- Rows of an import that only the whole file can decide: they contradict what an earlier push said, whose row may yet
-- come. They wait here, and are taken when everything else has been read.
set local search_path = :schema;

alter table import add column put_off bigint not null default 0; -- rows that wait

create table import_later (
    tenant bigint not null,
    id uuid not null,               -- name-based, of import and line
    import_id uuid not null,
    line bigint not null,
    packed bytea,                   -- ImportRow; null: decided
    primary key (tenant, id)
);
create index import_later_waits on import_later (tenant, import_id, line) where packed is not null;
alter table import_later enable row level security;
create policy tenant on import_later using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);
grant select, insert, update on import_later to :login;
grant select on import_later to :reader;
