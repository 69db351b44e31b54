-- Papers of locked applications. $1 tenant, $2 application
select tenant, application_id, ordinal, kind, file_sha256, media_type, size, member_id, number, paper_date,
    signed_by, materai, materai_serial, replaced, attached_at, attached_by, original,
    paid_up, photo
from unnest ($1::bigint[], $2::uuid[]) k (tenant, application_id)
join paper using (tenant, application_id)
order by tenant, application_id, ordinal
