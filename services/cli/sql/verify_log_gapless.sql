-- Positions that do not follow the one before, from the end of the dropped segments on; a head that is not the newest.
select format ('position %s follows %s', position, before)
from (select position, lag (position, 1, (select position from log_floor)) over (order by position) as before from log) l
where position <> before + 1 or position <= (select position from log_floor)
union all
select format ('head is %s, newest position is %s', h.position, coalesce (l.newest, f.position))
from log_head h cross join log_floor f cross join (select max (position) as newest from log) l
where h.position <> coalesce (l.newest, f.position)
limit 20
