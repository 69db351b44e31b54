-- Positions that do not follow the one before; a head that is not the newest position.
select format ('position %s follows %s', position, before)
from (select position, lag (position, 1, 0::bigint) over (order by position) as before from log) l
where position <> before + 1
union all
select format ('head is %s, newest position is %s', h.position, coalesce (l.newest, 0))
from log_head h cross join (select max (position) as newest from log) l
where h.position <> coalesce (l.newest, 0)
limit 20
