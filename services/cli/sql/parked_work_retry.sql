-- Has work that waits for a person tried again at once. $1 id
update due set due_at = now (), attempts = 0 where id = $1::uuid and due_at is null
