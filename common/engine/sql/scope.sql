-- Binds the transaction to tenants ($1: '{1272,1273}', or '*') and reads the clock and the log's epoch.
select set_config ('padan.tenants', $1::text, true), clock_timestamp () as now, epoch, position from log_head
