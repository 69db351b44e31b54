-- Binds the session to one schema; says whether a service lives there, and whether the login sees every tenant's rows.
-- $1 schema
select set_config ('search_path', $1::text, false),
    exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1::text and c.relname = 'log_head'),
    (select rolsuper or rolbypassrls from pg_roles where rolname = current_user)
