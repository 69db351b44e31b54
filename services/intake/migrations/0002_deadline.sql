-- What an application waits for at the counter, and until when.
set local search_path = :schema;

alter table application
    add column act text not null default '',    -- of its procedure, that waits; '': others hold it, or it has ended
    add column role text not null default '',   -- the procedure's word for whoever does the act
    add column due_at timestamptz;              -- of the act; null likewise

-- Nobody had reckoned a deadline for those that are here now: they are due at once.
update application set due_at = since where state in ('entered', 'returned');
