-- What an operator watches: waiting and parked work, the age of the oldest, positions.
select (select count (*) from due where due_at is not null) as due,
    (select coalesce (extract (epoch from clock_timestamp () - min (due_at)), 0)::bigint from due
     where due_at <= clock_timestamp ()) as due_age,
    (select count (*) from due where due_at is null) as due_failed,
    (select count (*) from parked) as parked,
    (select count (*) from parked where retry_at is null) as parked_for_people,
    (select position from log_head) as head
