-- Do we still hold these entries? $1 position, $2 hash
select count (*) from unnest ($1::bigint[], $2::bytea[]) w (position, hash)
join log l on l.position = w.position and l.hash = w.hash
