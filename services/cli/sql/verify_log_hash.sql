-- Entries whose bytes are not those that were hashed when they were written.
select format ('position %s', position) from log
where hash <> substring (sha256 (envelope) for 16)
limit 20
