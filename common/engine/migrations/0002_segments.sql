-- Old segments of a log are dropped. :schema, :login and :reader are the service's own.
set local search_path = :schema;

-- One row: entries up to here were dropped.
create table log_floor (
    one boolean primary key default true check (one),
    position bigint not null
);
insert into log_floor (position) values (0);

-- Services that follow this log and keep their place: they ask for nothing up to `passed` ever again.
create table follower (
    name text primary key,
    passed bigint not null,
    heard_at timestamptz not null default now ()
);

-- Drops the oldest segment, unless it has an entry after `passed` or one that is not older than `before` (an id begins
-- with its milliseconds). Returns the floor then. Readers of the log are waited for only briefly, since those who write
-- it queue behind us.
create function log_drop (passed bigint, before timestamptz) returns bigint
language plpgsql security definer set search_path = :schema, pg_temp set lock_timeout = '200ms' as $$
declare
    size constant bigint := 1000000;
    floor bigint;
    segment text;
    newest uuid;
begin
    select position into strict floor from log_floor for update;
    if floor + size > passed then
        return floor;
    end if;
    segment := format ('log_%s', floor / size);
    execute format ('select id from %I order by position desc limit 1', segment) into newest;
    if to_timestamp (('x' || translate (left (newest::text, 13), '-', ''))::bit (48)::bigint / 1000.0) >= before then
        return floor;
    end if;
    execute format ('drop table %I', segment);
    update log_floor set position = floor + size;
    return floor + size;
end $$;
revoke all on function log_drop from public;

grant select on log_floor to :login, :reader;
grant select, insert, update on follower to :login;
grant select on follower to :reader;
grant execute on function log_drop to :login;
