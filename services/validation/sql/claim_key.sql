-- What hides people in claims.
select key from claim_key
