-- Copies of till's accounts.
set local search_path = :schema;

create table copy (
    tenant bigint not null,
    id uuid not null,
    balance bigint not null,
    version bigint not null,
    events bigint not null,
    trail bigint not null,
    mended bigint not null,
    log_version bigint not null,
    primary key (tenant, id)
);

grant select, insert, update on copy to :login;
grant select on copy to :reader;
