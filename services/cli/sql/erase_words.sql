-- Words of names by which only this person would be found. $1 tenant, $2 applications, $3 NIK
delete from person_word w
where w.tenant = $1::bigint and w.application_id = any ($2::uuid[])
    and not exists (
        select from person p
        where p.tenant = w.tenant and p.application_id = w.application_id and p.nik is distinct from $3::bigint
            and strpos (' ' || p.normal || ' ', ' ' || w.word || ' ') > 0)
