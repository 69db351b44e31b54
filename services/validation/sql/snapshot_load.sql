-- Rows of a snapshot are appended by their import and never loaded with it. $1 tenants, $2 imports
select null::bigint as tenant, null::uuid as import_id, 0 as ordinal, ''::text as file, 0::bigint as version,
    null::bigint as nik, null::bigint as kk, 0 as decile, ''::text as card, ''::text as segment, ''::text as payer,
    ''::text as status
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
where false
