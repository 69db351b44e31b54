-- Drops the oldest segment when all who follow have passed it, the journal among them if it may follow, and it is old
-- enough. $1 names of those who may follow, $2 days. One row with the floor then, or none.
select log_drop (f.passed, now () - make_interval (days => $2::integer))
from (select min (passed) as passed, bool_or (name = 'journal') as journal
      from follower where name = any ($1::text[])) f
where f.passed is not null and (f.journal or 'journal' <> all ($1::text[]))
