-- The tenants the asker may see.
select tenant, code, name, zone from tenant order by tenant
