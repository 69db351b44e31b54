-- People by id alone, of all tenants. $1 ids
select id, tenant, login, password from person where id = any ($1::uuid[])
