-- A profile by its hash. $1 tenant, $2 id made from the hash
select sha256, yaml, version, published_at from profile where tenant = $1::bigint and id = $2::uuid
