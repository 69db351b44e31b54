-- Applications under way that wait for nobody: every one is terminal, or waits with a reason, an owner and a deadline.
select format ('intake: application %s is %s, held by nobody', id, state) from intake.application
where coalesce (held_by, '') = '' and state not in ('withdrawn', 'rejected', 'finished')
union all
select format ('intake: application %s is %s without a deadline', id, state) from intake.application
where state in ('entered', 'returned') and due_at is null
union all
select format ('approval: application %s is %s and waits for no act', id, state) from approval.file
where act = '' and state in ('waiting', 'drafted', 'signed')
union all
select format ('batching: application %s is %s without a deadline', id, state) from batching.waiting
where state <> 'finished' and due_at is null
limit 20
