-- New rows, or such as are there already. One array a column; ordinal is not kept.
insert into story_letter (tenant, application_id, letter_id)
select tenant, application_id, letter_id
from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[]) n (tenant, application_id, ordinal, letter_id)
on conflict (tenant, application_id, letter_id) do nothing
