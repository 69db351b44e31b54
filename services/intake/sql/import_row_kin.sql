-- What earlier pushes said of these families, and of children without a NIK of these mothers. $1 tenant, $2 which row
-- asks, $3 its application, $4 its mother's NIK (0: not named), $5 source, $6 period
with k as (
    select unnest ($2::integer[]) i, unnest ($3::uuid[]) application_id, unnest ($4::bigint[]) mother_nik
)
select k.i, r.application_id, r.id
from k
join import_row r on r.tenant = $1::bigint and r.application_id = k.application_id
where r.same_as is null
union
select k.i, r.application_id, r.id
from k
join member m on m.tenant = $1::bigint and m.mother_nik = k.mother_nik and m.nik is null
join import_row r on r.tenant = m.tenant and r.application_id = m.application_id and r.member_id = m.member_id
join import i on i.tenant = r.tenant and i.id = r.import_id and i.source = $5::text and i.period = $6::text
where r.same_as is null
order by 1
