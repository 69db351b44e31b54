-- A letter may go back to an earlier paraf: those from there on are void, and stay in its history.
set local search_path = :schema;

alter table letter_act add column voided_at timestamptz; -- null: it stands
