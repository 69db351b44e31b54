-- Accounts and what moved them.
set local search_path = :schema;

create table account (
    tenant bigint not null,
    id uuid not null,
    holder text not null,
    balance bigint not null check (balance >= 0),
    version bigint not null,
    closed boolean not null,
    statements integer not null,
    audits bigint not null,
    primary key (tenant, id)
);

create table posting (
    tenant bigint not null,
    account_id uuid not null,
    ordinal integer not null,
    change bigint not null,
    balance bigint not null,
    version bigint not null,
    primary key (tenant, account_id, ordinal)
);

grant select, insert, update on account, posting to :login;
grant select on account, posting to :reader;
