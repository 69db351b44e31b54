-- Where the applications of a letter live. $1 tenant, $2 letter
select distinct f.village
from letter_file l
join file f on f.tenant = l.tenant and f.id = l.application_id
where l.tenant = $1::bigint and l.letter_id = $2::uuid
