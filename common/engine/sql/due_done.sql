delete from due where id = any ($1::uuid[])
