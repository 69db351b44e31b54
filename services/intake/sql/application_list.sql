-- A page of applications, newest first. $1 tenant, $2 state ('' all), $3 places the asker may see ('' all), $4 place
-- asked for ('' all), $5 and $6 entered_at and id of the last line before (null: from the start), $7 limit
select a.id, a.ticket, a.track, a.state, a.village, a.version, a.entered_at, a.missing = '' as complete,
    a.judged_version >= a.content_version as judged,
    (select count(*) from member m where m.tenant = a.tenant and m.application_id = a.id and not m.removed) as members,
    (select m.name from member m where m.tenant = a.tenant and m.application_id = a.id and not m.removed
        order by m.relation <> 1, m.ordinal limit 1) as head_name,
    a.due_at
from application a
where a.tenant = $1::bigint
    and ($2::text = '' or a.state = $2::text)
    and ($4::text = '' or a.village = $4::text or starts_with (a.village, $4::text || '.'))
    and exists (select from unnest ($3::text[]) p (place)
        where p.place = '' or a.village = p.place or starts_with (a.village, p.place || '.'))
    and ($5::timestamptz is null or (a.entered_at, a.id) < ($5::timestamptz, $6::uuid))
order by a.entered_at desc, a.id desc
limit $7::bigint
