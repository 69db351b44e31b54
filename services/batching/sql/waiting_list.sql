-- Applications that wait for a batch, oldest first. $1 tenant, $2 track ('': any), $3 $4 after this time and id ($3
-- null: from the first), $5 limit
select id, ticket, track, people - refused as people, since, due_at
from waiting
where tenant = $1::bigint and state = 'waiting' and ($2::text = '' or track = $2::text)
    and ($3::timestamptz is null or (since, id) > ($3::timestamptz, $4::uuid))
order by since, id
limit $5::bigint
