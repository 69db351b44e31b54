-- Answers of Dukcapil that still hold. $1 tenant, $2 hashes of questions, $3 now
select id, pairs from answer where tenant = $1::bigint and id = any ($2::uuid[]) and valid_until > $3::timestamptz
