-- Changed rows, locked before.
update import_row x
set content = n.content, other = n.other, application_id = n.application_id, member_id = n.member_id, import_id
    = n.import_id, same_as = n.same_as
from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[]) n (tenant,
    id, content, other, application_id, member_id, import_id, same_as)
where x.tenant = n.tenant and x.id = n.id
