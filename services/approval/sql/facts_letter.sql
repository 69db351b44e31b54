-- What a message about a letter needs. $1 tenant, $2 letter
select profile_sha256, letter from letter where tenant = $1::bigint and id = $2::uuid
