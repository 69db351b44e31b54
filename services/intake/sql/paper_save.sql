-- New or changed papers. One array a column.
insert into paper (tenant, application_id, ordinal, kind, file_sha256, media_type, size, member_id, number,
    paper_date, signed_by, materai, materai_serial, replaced, attached_at, attached_by)
select * from unnest ($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::bytea[], $6::text[],
    $7::bigint[], $8::uuid[], $9::text[], $10::date[], $11::text[], $12::boolean[], $13::text[], $14::boolean[],
    $15::timestamptz[], $16::uuid[])
on conflict (tenant, application_id, ordinal) do update
set kind = excluded.kind, file_sha256 = excluded.file_sha256, media_type = excluded.media_type, size =
    excluded.size, member_id = excluded.member_id, number = excluded.number, paper_date = excluded.paper_date,
    signed_by = excluded.signed_by, materai = excluded.materai, materai_serial = excluded.materai_serial,
    replaced = excluded.replaced, attached_at = excluded.attached_at, attached_by = excluded.attached_by
