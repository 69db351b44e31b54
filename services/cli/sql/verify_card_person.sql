-- A person with two cards; accepted people without one, once distribution has read of them and where the procedure
-- brings cards at all (others of it have one); a card nobody accepted.
select format ('member %s of tenant %s has %s cards', member_id, tenant, count (*))
from distribution.card group by tenant, member_id having count (*) > 1
union all
select format ('member %s of tenant %s was accepted and no card is expected', p.member_id, p.tenant)
from batching.person p
join batching.waiting w on w.tenant = p.tenant and w.id = p.application_id and not w.transfer
left join distribution.card c on c.tenant = p.tenant and c.member_id = p.member_id
where p.state = 'accepted' and c.id is null
    and exists (select from distribution.card o where o.tenant = w.tenant and o.profile_sha256 = w.profile_sha256)
    and not exists ( -- news of it that distribution has not read, or has put aside
        select from batching.log e
        left join distribution.follow f on f.log = 'batching' and f.partition = e.partition and f.position >= e.position
        left join distribution.parked k on k.log = 'batching' and k.position = e.position
        left join distribution.dropped d on d.log = 'batching' and d.position = e.position
        where e.tenant = p.tenant and e.subject = p.application_id and e.type = 'padan.batching.v1.MemberAccepted'
            and (f.position is null or k.position is not null or d.position is not null))
union all
select format ('card %s of tenant %s belongs to nobody BPJS accepted', c.id, c.tenant)
from distribution.card c
left join batching.person p on p.tenant = c.tenant and p.member_id = c.member_id and p.state = 'accepted'
where p.member_id is null
limit 20
