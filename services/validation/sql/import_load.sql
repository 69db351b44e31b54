-- $1 tenants, $2 ids
select i.tenant, i.id, i.registry, i.snapshot, i.period, i.source, i.file_sha256, i.file_size, i.family_sha256,
    i.family_size, i.state, i.step, i.chunk, i.layout, i.next_offset, i.next_line, i.next_row, i.bytes_done,
    i.rows, i.kept, i.refused, i.problems, i.failure, i.started_at, i.finished_at, i.same_as,
    i.usable
from unnest ($1::bigint[], $2::uuid[]) k (tenant, id)
join import i using (tenant, id)
order by i.tenant, i.id
for update of i
