-- Which of these kinds have a row that is ready. $1 kinds
select k.n from unnest ($1::text[]) with ordinality k (kind, n)
where exists (select from due d
              where d.kind = k.kind and d.due_at <= clock_timestamp ()
                  and (d.lease_until is null or d.lease_until < clock_timestamp ()))
