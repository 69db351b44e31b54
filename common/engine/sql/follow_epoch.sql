-- Remembers the epoch of a log met for the first time. $1 log, $2 epoch
update follow set epoch = $2::uuid where log = $1::text and epoch is null
