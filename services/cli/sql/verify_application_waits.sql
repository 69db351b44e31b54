-- Applications, letters and cards under way that wait for nobody: every one is at its end, or waits with a reason, an
-- owner and a deadline. (In batching the table itself demands one.)
select format ('intake: application %s is %s, held by nobody', id, state) from intake.application
where coalesce (held_by, '') = '' and state not in ('withdrawn', 'rejected', 'finished')
union all
select format ('intake: application %s is %s without a deadline', id, state) from intake.application
where state in ('entered', 'returned') and due_at is null
union all
select format ('approval: application %s is %s and waits for no act', id, state) from approval.file
where act = '' and state in ('waiting', 'drafted', 'signed')
union all
select format ('approval: application %s waits in nobody''s inbox, or without a deadline', id) from approval.file
where state = 'waiting' and (role = 0 or due_at is null)
union all
select format ('approval: application %s waits with a letter there is not', f.id) from approval.file f
where f.state in ('drafted', 'signed')
    and not exists (select from approval.letter l where l.tenant = f.tenant and l.id = f.letter_id)
union all
select format ('approval: letter %s waits in nobody''s inbox, or without a deadline', id) from approval.letter
where state = 'drafted' and (act = '' or role = 0 or due_at is null)
union all
select format ('distribution: card %s is %s without a deadline', id, state) from distribution.card
where state in ('expected', 'received', 'handed') and due_at is null
union all
select format ('distribution: card %s is %s without a reason', id, state) from distribution.card
where state = 'failed' and reason = ''
limit 20
