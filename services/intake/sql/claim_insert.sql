-- New rows; one that exists violates the key.
insert into claim (tenant, id, application_id, ticket, since)
select * from unnest ($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
