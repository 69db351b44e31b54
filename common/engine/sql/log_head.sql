-- The newest position, whose life of the log it is, and up to where entries were dropped.
select h.position, h.epoch, f.position from log_head h cross join log_floor f
