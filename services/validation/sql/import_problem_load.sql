-- Problems are appended by their import and never loaded with it. $1 tenants, $2 imports
select null::bigint as tenant, null::uuid as import_id, 0 as ordinal, 0::bigint as line, ''::text as field,
    ''::text as code, ''::text as detail, false as warning
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
where false
