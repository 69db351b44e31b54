-- Notes how far followers have committed our log, never back. $1 name, $2 position
insert into follower (name, passed)
select unnest ($1::text[]), unnest ($2::bigint[])
on conflict (name) do update set passed = greatest (follower.passed, excluded.passed), heard_at = now ()
