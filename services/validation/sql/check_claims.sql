-- Who holds these people. $1 claims
select id, holder, application_id from claim where tenant = 0 and id = any ($1::uuid[]) and holder is not null
