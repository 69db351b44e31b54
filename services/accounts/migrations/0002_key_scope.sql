-- What a key was made for: roles that its person is given later are not the key's.
set local search_path = :schema;

alter table api_key add column scope text not null default ''; -- grants as in person, machines' roles only

-- Keys that are there keep what they open now.
update api_key k set scope = coalesce ((
    select string_agg (g, ' ' order by g)
    from person p, regexp_split_to_table (p.grants, ' ') g
    where p.tenant = k.tenant and p.id = k.person_id and g ~ ':(integrator|auditor|bpjs)(:|$)'), '');

alter table api_key alter column scope drop default;
