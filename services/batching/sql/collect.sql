-- Applications that wait for a batch, in its order. $1 tenant, $2 track, $3 approved until, $4 due until (days since 1970, null: all),
-- $5 $6 $7 after this priority, time and id ($7 null: from the first), $8 limit
select id, priority, since, profile_sha256
from waiting
where tenant = $1::bigint and track = $2::text and state = 'waiting' and since <= $3::timestamptz
    and ($4::integer is null or due_day <= date '1970-01-01' + $4::integer)
    and ($7::uuid is null or (priority, since, id) > ($5::integer, $6::timestamptz, $7::uuid))
order by priority, since, id
limit $8::bigint
