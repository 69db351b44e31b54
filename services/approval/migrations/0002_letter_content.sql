-- What every paraf on a letter covers, byte by byte: written when it is drafted, printed from ever after.
set local search_path = :schema;

create table letter_content (
    tenant bigint not null,
    id uuid not null,               -- the letter
    content bytea not null,         -- canonical: common/letter/letter.h
    primary key (tenant, id)
);

alter table letter_content enable row level security;
create policy tenant on letter_content using ((tenant = any (
    (select nullif (nullif (current_setting ('padan.tenants', true), ''), '*')::bigint[])::bigint[])) is true);

grant select, insert on letter_content to :login;
grant update (id) on letter_content to :login; -- locking a row takes the right to update one; contents never change
grant select on letter_content to :reader;
