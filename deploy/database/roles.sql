-- The roles and the schema of one service in the connected database. Run by psql: \set service NAME, then \ir roles.sql.
-- Running again is harmless. Passwords are set by deploy/up; nothing here is a secret.
--   padan_<service>_owner   owns the schema; only --migrate signs in as it
--   padan_<service>         what the running service signs in as; rights on tables come from the migrations
--   padan_<service>_reader  the same service's queries, read only
--   padan_auditor           padan verify: reads every schema, past row-level security
set client_min_messages = warning;
select set_config ('padan.service', :'service', false) \g /dev/null

do $$
declare
    service text := current_setting ('padan.service');
    wanted text;
begin
    if service !~ '^[a-z][a-z_]{0,30}$' then
        raise exception 'not a service name: %', service;
    end if;
    foreach wanted in array array [
        'padan_' || service || '_owner', 'padan_' || service, 'padan_' || service || '_reader', 'padan_auditor']
    loop
        continue when exists (select from pg_roles where rolname = wanted);
        begin
            execute format ('create role %I login noinherit', wanted);
        exception when duplicate_object or unique_violation then
            null; -- another database of this cluster was being prepared at the same moment
        end;
    end loop;
    if not (select rolbypassrls from pg_roles where rolname = 'padan_auditor') then
        begin
            alter role padan_auditor bypassrls;
        exception when insufficient_privilege then
            raise warning 'padan verify will refuse until a superuser says: alter role padan_auditor bypassrls';
        end;
    end if;
    -- an administrator who is no superuser must be a member to give the schema away
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format ('grant %I to %I', 'padan_' || service || '_owner', current_user);
    end if;
end
$$;

do $$
declare
    service text := current_setting ('padan.service');
    owner text := 'padan_' || service || '_owner';
    login text := 'padan_' || service;
    reader text := 'padan_' || service || '_reader';
    wanted text;
begin
    execute format ('revoke all on database %I from public', current_database ());
    revoke all on schema public from public;
    execute format ('create schema if not exists %I authorization %I', service, owner);
    execute format ('revoke all on schema %I from public', service);
    execute format ('grant create on database %I to %I', current_database (), owner); -- create schema if not exists asks for it
    foreach wanted in array array [owner, login, reader, 'padan_auditor']
    loop
        execute format ('grant connect on database %I to %I', current_database (), wanted);
        execute format ('grant usage on schema %I to %I', service, wanted);
    end loop;
    foreach wanted in array array [owner, login, reader]
    loop
        execute format ('alter role %I in database %I set search_path = %I', wanted, current_database (), service);
    end loop;
    foreach wanted in array array [reader, 'padan_auditor']
    loop
        execute format ('alter role %I in database %I set default_transaction_read_only = on', wanted, current_database ());
    end loop;
    execute format ('grant select on all tables in schema %I to padan_auditor', service);
    execute format ('alter default privileges for role %I in schema %I grant select on tables to padan_auditor', owner, service);
    -- functions and types are open to PUBLIC unless somebody says otherwise
    execute format ('alter default privileges for role %I revoke execute on functions from public', owner);
    execute format ('alter default privileges for role %I revoke usage on types from public', owner);
end
$$;
