-- Letter numbers: 1 to the last taken, each once, in a row per class, unit and year.
select format ('%s/%s/%s of tenant %s: last %s, letters %s, highest %s', n.class_code, n.unit, n.year, n.tenant, n.last,
    count (l.id), max (l.sequence))
from approval.letter_number n
left join approval.letter l on l.tenant = n.tenant and l.number_id = n.id and l.sequence > 0
group by n.tenant, n.id, n.class_code, n.unit, n.year, n.last
having count (l.id) <> n.last or coalesce (max (l.sequence), 0) <> n.last or count (distinct l.sequence) <> n.last
limit 20
