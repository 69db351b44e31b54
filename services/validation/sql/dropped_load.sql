-- What leaves a snapshot is named by its import and never loaded with it. $1 tenants, $2 imports
select null::bigint as tenant, null::uuid as import_id, 0 as ordinal, ''::text as file, 0::bigint as version,
    0::bigint as number
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
where false
