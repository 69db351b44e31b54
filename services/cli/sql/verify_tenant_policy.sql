-- Tables with rows of tenants that a service's login could read past the tenant it named.
select format ('table %s', c.relname)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema ()
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
where c.relkind in ('r', 'p') and not c.relispartition
    and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
union all
select format ('%s may pass row-level security', r.rolname)
from pg_roles r
where r.rolname in ('padan_' || current_schema (), 'padan_' || current_schema () || '_reader')
    and (r.rolbypassrls or r.rolsuper
         or exists (select from pg_class c where c.relnamespace = current_schema ()::regnamespace and c.relowner = r.oid))
limit 20
