-- Binds the transaction to the journal and one tenant. $1 tenant
select set_config ('search_path', 'journal', true), set_config ('padan.tenants', '{' || $1::bigint || '}', true)
