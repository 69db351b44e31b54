-- A newborn is named anew by a source when they get a NIK, or when their name is spelt right.
set local search_path = :schema;

alter table import_row add column same_as uuid; -- the row that keeps this person, under an earlier name; null: this one
create index member_newborn on member (tenant, mother_nik) where nik is null;
