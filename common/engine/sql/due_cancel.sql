delete from due d using unnest ($1::text[], $2::bigint[], $3::uuid[]) w (kind, tenant, subject)
where d.kind = w.kind and d.tenant = w.tenant and d.subject = w.subject
