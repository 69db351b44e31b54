-- Do we still hold these entries? Those that were dropped since are vouched for by having been passed.
-- $1 position, $2 hash
select count (*) from unnest ($1::bigint[], $2::bytea[]) w (position, hash)
where w.position <= (select position from log_floor)
    or exists (select from log l where l.position = w.position and l.hash = w.hash)
