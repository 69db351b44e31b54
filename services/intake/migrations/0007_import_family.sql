-- Whose rows an earlier push said of a family.
set local search_path = :schema;

create index import_row_application on import_row (tenant, application_id);
alter table import_row alter column content drop not null; -- null: its member is no longer what the row said
