-- $1 part, $2 name, $3 sha256
insert into migration (part, name, sha256) values ($1::integer, $2::text, $3::bytea)
