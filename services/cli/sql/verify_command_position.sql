-- Replies that name a position the log has not reached.
select format ('key %s of %s names position %s, head is %s', c.key, c.route, c.position, h.position)
from command c cross join log_head h
where c.position > h.position
limit 20
