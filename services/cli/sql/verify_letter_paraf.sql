-- Signed letters whose acts were done on other content than the letter's, or by one person twice.
select format ('letter %s of tenant %s: %s of %s on other content', l.id, l.tenant, a.kind, a.act)
from approval.letter l
join approval.letter_act a on a.tenant = l.tenant and a.letter_id = l.id
where l.sequence > 0 and a.kind in ('paraf', 'sign') and a.content_sha256 <> l.content_sha256
    and a.at >= l.drafted_at
union all
select format ('letter %s of tenant %s: %s signed what they entered', l.id, l.tenant, a.name)
from approval.letter l
join approval.letter_act a on a.tenant = l.tenant and a.letter_id = l.id and a.kind = 'sign'
join approval.letter_file i on i.tenant = l.tenant and i.letter_id = l.id
join approval.file f on f.tenant = i.tenant and f.id = i.application_id
where l.sequence > 0 and a.person_id = f.entered_by
limit 20
