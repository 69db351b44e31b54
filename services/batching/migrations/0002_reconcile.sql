-- A batch knows the procedure it closed under and until when its next step is due; after the answer it is reconciled.
set local search_path = :schema;

alter table batch
    add column profile_sha256 bytea,            -- in force when it closed; null: closed before this was kept
    add column due_at timestamptz,              -- when the next step is late; null: none, or closed before
    add column reconciler text not null default '',  -- the profile's role that compares it with BPJS; '': nobody does
    add column archive_sha256 bytea,            -- the copy of what was signed about it
    add column reconciled_at timestamptz,
    add column reconciled_by uuid;
