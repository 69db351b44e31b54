-- Which letters an application has been on: its story tells theirs too.
set local search_path = :schema;

create table story_letter (
    tenant bigint not null,
    application_id uuid not null,
    letter_id uuid not null,
    primary key (tenant, application_id, letter_id)
);
create index event_letter on event (tenant, story, number) where kind = 'letter';

alter table story_letter enable row level security;
create policy tenant on story_letter using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert on story_letter to :login;
grant select on story_letter to :reader;
