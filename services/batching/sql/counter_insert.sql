-- New: counters. A row that exists violates the key.
insert into counter (tenant, id, name, value)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::text[]), unnest ($4::integer[])
