-- The profile a tenant's new applications are entered under. $1 tenant
select p.sha256, p.yaml, c.version, c.since
from profile_current c
join profile p on p.tenant = c.tenant and p.sha256 = c.sha256
where c.tenant = $1::bigint
