-- Papers of one application. $1 tenant, $2 application
select tenant, application_id, ordinal, kind, file_sha256, media_type, size, member_id, number, paper_date, signed_by,
    materai, materai_serial, replaced, attached_at, attached_by, original,
    paid_up, photo
from paper
where tenant = $1::bigint and application_id = $2::uuid
order by ordinal
