-- Changed accounts, locked before.
update account a
set holder = n.holder, balance = n.balance, version = n.version, closed = n.closed, statements = n.statements,
    audits = n.audits
from unnest ($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::integer[],
    $8::bigint[]) n (tenant, id, holder, balance, version, closed, statements, audits)
where a.tenant = n.tenant and a.id = n.id
