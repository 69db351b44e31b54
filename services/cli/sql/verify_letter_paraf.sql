-- Signed letters whose acts were done on other content than the letter's, without a signature, or cleared or signed by
-- who entered one of its applications.
select format ('letter %s of tenant %s: %s of %s on other content', l.id, l.tenant, a.kind, a.act)
from approval.letter l
join approval.letter_act a on a.tenant = l.tenant and a.letter_id = l.id
where l.sequence > 0 and a.kind in ('paraf', 'sign') and a.content_sha256 <> l.content_sha256
    and a.at >= l.drafted_at
union all
select format ('letter %s of tenant %s has a number and no signature', l.id, l.tenant)
from approval.letter l
where l.sequence > 0 and not exists (select from approval.letter_act a
    where a.tenant = l.tenant and a.letter_id = l.id and a.kind = 'sign' and a.at >= l.drafted_at)
union all
select format ('letter %s of tenant %s: %s has its %s on what they entered', l.id, l.tenant, a.name, a.kind)
from approval.letter l
join approval.letter_act a on a.tenant = l.tenant and a.letter_id = l.id and a.kind in ('paraf', 'sign')
    and a.at >= l.drafted_at
join approval.letter_file i on i.tenant = l.tenant and i.letter_id = l.id
join approval.file f on f.tenant = i.tenant and f.id = i.application_id
where l.sequence > 0 and a.person_id = f.entered_by
limit 20
