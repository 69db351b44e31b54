set local search_path = :schema;

-- A problem that is by itself no reason to refuse its row. Until now these were not told apart.
alter table import_problem add column warning boolean not null default false;
