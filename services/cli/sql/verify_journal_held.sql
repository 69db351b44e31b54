-- Events that have waited for another for an hour: it was lost, or its log is not followed.
select format ('event %s of %s, version %s of %s, waits since %s', event_id, log, version, story, held_at)
from held
where version > 0 and held_at < now () - interval '1 hour'
limit 20
