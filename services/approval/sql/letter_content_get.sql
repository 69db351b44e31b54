-- What a letter says. $1 tenant, $2 letter
select content from letter_content where tenant = $1::bigint and id = $2::uuid
