-- The floor of bench_intake: the tables of intake again, without row-level security, and one for the plainer floor.
-- Run once the product has entered some applications: their events and replies are the bytes the floor writes.
analyze; -- as autovacuum has done a minute after the first applications
create schema bench;
create sequence bench.number;
create table bench.application (like intake.application including all) with (fillfactor = 80);
create table bench.member (like intake.member including all) with (fillfactor = 80);
create table bench.claim (like intake.claim including all) with (fillfactor = 80);
create table bench.claim_anywhere (like intake.claim_anywhere including all) with (fillfactor = 80);
create table bench.command (like intake.command including all);
create table bench.log (like intake.log including all);
alter table bench.log alter column position set default nextval ('bench.number');

create table bench.sample as
select distinct on (m.members) m.members, l.envelope, c.body_hash, c.reply, c.person, a.profile_sha256
from intake.log l
join intake.application a on a.id = l.subject
join intake.command c on c.position = l.position
join lateral (select count (*)::integer as members from intake.member m where m.application_id = a.id) m on true
order by m.members;
alter table bench.sample add primary key (members);

create table bench.simple (
    id uuid primary key,
    tenant bigint not null,
    state text not null,
    ticket text not null,
    entered_at timestamptz not null,
    body jsonb not null
);
create index on bench.simple (tenant, entered_at desc, id desc);
create index on bench.simple (tenant, state, entered_at desc);
create index on bench.simple (tenant, ticket);
create table bench.simple_log (position bigserial primary key, id uuid not null, envelope bytea not null);
analyze bench.sample;
