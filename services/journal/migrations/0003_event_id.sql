-- From an entry of a service's log to its event, for holding one against the other. Ids rise with time, so that the
-- index grows at its end.
set local search_path = :schema;

create index event_id on event (tenant, event_id);
