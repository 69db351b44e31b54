-- `padan verify` holds claims against the people of open applications.
set local search_path = :schema;

grant select on claim to :reader;
