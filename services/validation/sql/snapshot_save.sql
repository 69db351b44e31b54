-- A chunk of one file into its snapshot; the first row with a number counts, and is counted in the import, whose row
-- was written before. A person's family is known by its KK even where the file of families lacks it. $1 tenant, $2
-- import, $3 ordinal, $4 file, $5 version, $6 NIK, $7 KK, $8 decile, $9 card, $10 segment, $11 payer, $12 status
with chunk as materialized (
    select tenant, import_id, file, version, nik, kk, nullif (decile, -1) as decile, card, segment, payer, status
    from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[])
        r (tenant, import_id, ordinal, file, version, nik, kk, decile, card, segment, payer, status)
), kin as (
    insert into poverty_family (tenant, version, kk, decile)
    select tenant, version, kk, decile from chunk where file = 'person' and kk is not null
    on conflict do nothing
), families as (
    insert into poverty_family (tenant, version, kk, decile)
    select tenant, version, kk, decile from chunk where file = 'family'
    on conflict do nothing
    returning tenant
), persons as (
    insert into poverty_person (tenant, version, nik, kk, decile)
    select tenant, version, nik, kk, decile from chunk where file = 'person'
    on conflict do nothing
    returning tenant
), members as (
    insert into membership (tenant, version, nik, card, segment, payer, status)
    select tenant, version, nik, card, segment, payer, status from chunk where file = 'member'
    on conflict do nothing
    returning tenant
)
update import i
set kept = i.kept + (select count (*) from families) + (select count (*) from persons) + (select count (*) from members)
where (i.tenant, i.id) in (select tenant, import_id from chunk)
