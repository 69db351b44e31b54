-- What waits for these roles, oldest first: files one by one, letters as one line each, if all on it live at a place.
-- $1 tenant, $2 roles and $3 their places, $4 act or '', $5 since and $6 id of the last line seen, $7 lines
select * from (
    (select f.id as application_id, f.letter_id, f.ticket, f.act, f.track, f.village, f.people, f.version, f.since,
        f.due_at, f.id
    from file f
    where f.tenant = $1::bigint and f.role > 0 and f.role = any ($2::integer[]) and ($4::text = '' or f.act = $4::text)
        and (f.since, f.id) > ($5::timestamptz, $6::uuid)
        and exists (select from unnest ($2::integer[], $3::text[]) g (role, place)
            where g.role = f.role and (g.place = '' or f.village = g.place or starts_with (f.village, g.place || '.')))
    order by f.since, f.id
    limit $7::bigint)
    union all
    (select null, l.id, '', l.act, l.track, '', l.people, l.version, l.since, l.due_at, l.id
    from letter l
    where l.tenant = $1::bigint and l.role > 0 and l.role = any ($2::integer[]) and ($4::text = '' or l.act = $4::text)
        and (l.since, l.id) > ($5::timestamptz, $6::uuid)
        and (exists (select from unnest ($2::integer[], $3::text[]) g (role, place) where g.role = l.role and g.place = '')
            or not exists (select from letter_file i
                join file f on f.tenant = i.tenant and f.id = i.application_id
                where i.tenant = l.tenant and i.letter_id = l.id
                    and not exists (select from unnest ($2::integer[], $3::text[]) g (role, place)
                        where g.role = l.role and (f.village = g.place or starts_with (f.village, g.place || '.')))))
    order by l.since, l.id
    limit $7::bigint)
) w
order by since, id
limit $7::bigint
