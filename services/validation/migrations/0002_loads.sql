set local search_path = :schema;

-- A load of the files that are current already makes no snapshot: it names the load that made it.
alter table import add column same_as uuid;

-- Snapshots that nobody judges by any more are dropped, in chunks by the service. Those there are go now.
grant delete on poverty_person, poverty_family, membership to :login;

delete from poverty_person s using import i join registry r on r.tenant = i.tenant and r.name = i.registry
where i.registry = 'poverty' and i.finished_at is not null and i.snapshot <> r.current_version
    and s.tenant = i.tenant and s.version = i.snapshot;
delete from poverty_family s using import i join registry r on r.tenant = i.tenant and r.name = i.registry
where i.registry = 'poverty' and i.finished_at is not null and i.snapshot <> r.current_version
    and s.tenant = i.tenant and s.version = i.snapshot;
delete from membership s using import i join registry r on r.tenant = i.tenant and r.name = i.registry
where i.registry = 'membership' and i.finished_at is not null and i.snapshot <> r.current_version
    and s.tenant = i.tenant and s.version = i.snapshot;
