-- A person in two open places, a card of two people, a batch that counts other than its people.
select format ('NIK ending %s of tenant %s has %s open places', right (nik::text, 4), tenant, count (*))
from batching.person where state in ('waiting', 'batched') and nik is not null
group by tenant, nik having count (*) > 1
union all
select format ('card ending %s of tenant %s belongs to %s people', right (card_number, 4), tenant, count (distinct member_id))
from batching.person where card_number <> ''
group by tenant, card_number having count (distinct member_id) > 1
union all
select format ('batch %s of tenant %s says %s people, has %s', b.number, b.tenant, b.people, count (p.member_id))
from batching.batch b
left join batching.waiting w on w.tenant = b.tenant and w.batch_id = b.id
left join batching.person p on p.tenant = w.tenant and p.application_id = w.id
where b.state not in ('closing', 'empty')
group by b.tenant, b.id, b.number, b.people having count (p.member_id) <> b.people
limit 20
