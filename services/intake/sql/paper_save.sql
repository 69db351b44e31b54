-- New or changed papers. One array a column.
insert into paper (tenant, application_id, ordinal, kind, file_sha256, media_type, size, member_id, number,
    paper_date, signed_by, materai, materai_serial, replaced, attached_at, attached_by,
    original, paid_up, photo)
select unnest ($1::bigint[]), unnest ($2::uuid[]), unnest ($3::integer[]), unnest ($4::text[]), unnest ($5::bytea[]),
    unnest ($6::text[]), unnest ($7::bigint[]), unnest ($8::uuid[]), unnest ($9::text[]), unnest ($10::date[]),
    unnest ($11::text[]), unnest ($12::boolean[]), unnest ($13::text[]), unnest ($14::boolean[]),
    unnest ($15::timestamptz[]), unnest ($16::uuid[]), unnest ($17::boolean[]), unnest ($18::boolean[]),
    unnest ($19::text[])
on conflict (tenant, application_id, ordinal) do update
set kind = excluded.kind, file_sha256 = excluded.file_sha256, media_type = excluded.media_type, size =
    excluded.size, member_id = excluded.member_id, number = excluded.number, paper_date = excluded.paper_date,
    signed_by = excluded.signed_by, materai = excluded.materai, materai_serial = excluded.materai_serial,
    replaced = excluded.replaced, attached_at = excluded.attached_at, attached_by = excluded.attached_by,
    original = excluded.original, paid_up = excluded.paid_up, photo = excluded.photo
