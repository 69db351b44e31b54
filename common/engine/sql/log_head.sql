select position, epoch from log_head
