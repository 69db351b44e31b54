-- Applications, newest first. $1 tenant, $2 state ('' all), $3 places the asker may see
-- ('' all), $4 place asked for ('' all), $5 last line before (null: from the start), $6 limit
select s.id, s.ticket, s.state, s.holder, s.place, s.changed_at, coalesce (p.name, '') as name, p.nik
from story s
left join lateral (
    select p.name, p.nik from person p
    where p.tenant = s.tenant and p.application_id = s.id and p.version = s.people_version
    order by p.head desc, p.slot limit 1) p on true
where s.tenant = $1::bigint and s.kind = 'application' and s.version > 0
    and ($2::text = '' or s.state = $2::text)
    and ($4::text = '' or s.place = $4::text or starts_with (s.place, $4::text || '.'))
    and exists (select from unnest ($3::text[]) a (place)
        where a.place = '' or s.place = a.place or starts_with (s.place, a.place || '.'))
    and ($5::uuid is null or s.id < $5::uuid)
order by s.id desc
limit $6::bigint
