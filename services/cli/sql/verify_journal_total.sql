-- Counts that are not those of the stories.
select format ('tenant %s: %s %s counted %s times, there are %s', tenant, what, code, coalesce (t.count, 0),
    coalesce (s.count, 0))
from (select tenant, what, code, count from total where what <> 'member') t
full join (
    select tenant, kind as what, state as code, count (*) as count from story where state <> '' group by 1, 2, 3
) s using (tenant, what, code)
where coalesce (t.count, 0) <> coalesce (s.count, 0)
limit 20
