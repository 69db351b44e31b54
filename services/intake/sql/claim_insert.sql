-- New rows; one that exists violates the key.
insert into claim (tenant, id, application_id, ticket, since)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::uuid[]), unnest ($4::text[]),
    unnest ($5::timestamptz[])
