-- Whether the profile asks for proof of a delivery. Cards that were expected before were not promised to need one.
set local search_path = :schema;

alter table card add column proof_asked boolean not null default false;
