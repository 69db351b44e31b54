-- A chunk of one file leaves its snapshot. $1 tenant, $2 import, $3 ordinal, $4 file, $5 version, $6 number
with chunk as materialized (
    select tenant, file, version, number
    from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[])
        r (tenant, import_id, ordinal, file, version, number)
), families as (
    delete from poverty_family s using chunk c
    where c.file = 'family' and s.tenant = c.tenant and s.version = c.version and s.kk = c.number
), persons as (
    delete from poverty_person s using chunk c
    where c.file = 'person' and s.tenant = c.tenant and s.version = c.version and s.nik = c.number
)
delete from membership s using chunk c
where c.file = 'member' and s.tenant = c.tenant and s.version = c.version and s.nik = c.number
