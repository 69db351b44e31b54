-- Whose sessions these are, of all tenants. $1 ids
select id, tenant, person_id from session where id = any ($1::uuid[])
