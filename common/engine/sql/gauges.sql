-- What an operator watches: how much waits, and for how many microseconds the oldest of what could be done now has.
-- Work that somebody has claimed is due until it is done; timers are due_later.
select (select count (*) from due where due_at <= clock_timestamp ()) as due,
    (select count (*) from due where due_at > clock_timestamp ()) as due_later,
    (select count (*) from due where due_at is null) as due_failed,
    (select count (*) from parked) as parked,
    (select count (*) from parked where retry_at is null) as parked_for_people,
    (select (extract (epoch from clock_timestamp () - min (due_at)) * 1000000)::bigint from due
     where due_at <= clock_timestamp ()) as due_age,
    (select (extract (epoch from clock_timestamp () - min (parked_at)) * 1000000)::bigint from parked) as parked_age
