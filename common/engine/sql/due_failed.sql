update due d
set attempts = w.attempts, due_at = w.retry_at, reason = w.reason, lease_until = null, lease_token = null
from unnest ($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[]) w (id, attempts, retry_at, reason)
where d.id = w.id
