-- Tenants whose events are not numbered 1 to the head's number.
select format ('tenant %s: %s events, numbers %s to %s, head %s', tenant, count (*), min (e.number), max (e.number),
    max (h.number))
from event e left join head h using (tenant)
group by tenant
having min (e.number) <> 1 or max (e.number) <> count (*) or max (h.number) is distinct from max (e.number)
limit 20
