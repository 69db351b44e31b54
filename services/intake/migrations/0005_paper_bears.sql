-- What a procedure may ask of a paper beyond its signature and duty stamp, and what papers prove of a person.
set local search_path = :schema;

alter table paper
    add column original boolean not null default false, -- itself, not a copy
    add column paid_up boolean not null default false,  -- shows that premiums are paid up
    add column photo text not null default '';          -- which of its kind's photos

alter table member
    add column evidence bigint not null default 0;      -- bits, by the profile's words
