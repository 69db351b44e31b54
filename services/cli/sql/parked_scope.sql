-- Binds the session to one schema and lets it see the rows of every tenant. $1 schema
select set_config ('search_path', $1::text, false), set_config ('padan.tenants', '*', false)
