set local search_path = :schema;

-- Rows that the file being read gave to the snapshot: a file that gives none fails.
alter table import add column usable bigint not null default 0;

-- Rows are counted as they come in, and no step counts them at the end. Loads under way go on with what is in by now.
update import i
set usable = i.rows - i.refused,
    kept = case
        when i.registry = 'membership' then
            (select count (*) from membership m where m.tenant = i.tenant and m.version = i.snapshot)
        when i.step in ('family', 'family_count') then
            (select count (*) from poverty_family f where f.tenant = i.tenant and f.version = i.snapshot)
        else i.kept + (select count (*) from poverty_person p where p.tenant = i.tenant and p.version = i.snapshot)
    end,
    step = case i.step when 'family_count' then 'person' when 'count' then 'switch' else i.step end
where i.finished_at is null;
