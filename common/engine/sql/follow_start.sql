-- First contact with a log: a row per partition. $1 log
insert into follow (log, partition) select $1::text, generate_series (0, 63) on conflict do nothing
