-- Locks claimed rows whose lease is still ours. $1 id, $2 token
select w.n from unnest ($1::uuid[], $2::uuid[]) with ordinality w (id, token, n)
join due d on d.id = w.id and d.lease_token = w.token
order by d.id for update of d
