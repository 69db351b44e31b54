-- Makes the log's next segments before they are needed. $1 position
select log_segment ($1::bigint)
