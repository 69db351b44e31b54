-- What was counted, by account.
set local search_path = :schema;

create table sum (
    tenant bigint not null,
    id uuid not null,
    balance bigint not null,
    version bigint not null,
    events bigint not null,
    primary key (tenant, id)
);
grant select, insert, update on sum to :login;
grant select on sum to :reader;
