-- Tables with rows of tenants that a service's login could read past the tenant it named.
select format ('table %s', c.relname)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema ()
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
where c.relkind in ('r', 'p') and not c.relispartition
    and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
union all
select format ('policy %s of table %s does not look at the tenant', p.polname, c.relname)
from pg_policy p
join pg_class c on c.oid = p.polrelid and c.relnamespace = current_schema ()::regnamespace
where pg_get_expr (p.polqual, p.polrelid) !~ 'padan\.tenants'
    and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
                    and pg_get_constraintdef (k.oid) ~ 'tenant = 0')
union all
select format ('%s may use schema %s', r.rolname, n.nspname)
from pg_roles r cross join pg_namespace n
where r.rolname in ('padan_' || current_schema (), 'padan_' || current_schema () || '_reader')
    and n.nspname <> current_schema () and n.nspname !~ '^(pg_|information_schema$|public$)'
    and has_schema_privilege (r.oid, n.oid, 'usage')
union all
select format ('%s may pass row-level security', r.rolname)
from pg_roles r
where r.rolname in ('padan_' || current_schema (), 'padan_' || current_schema () || '_reader')
    and (r.rolbypassrls or r.rolsuper
         or exists (select from pg_class c where c.relnamespace = current_schema ()::regnamespace and c.relowner = r.oid))
limit 20
