-- Applications of a batch that have people without an answer. $1 tenant, $2 batch, $3 after this one (null: from the first),
-- $4 limit
select id, profile_sha256
from waiting
where tenant = $1::bigint and batch_id = $2::uuid and state = 'batched' and ($3::uuid is null or id > $3::uuid)
order by id
limit $4::bigint
