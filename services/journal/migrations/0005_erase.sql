-- What is personal may be erased, and nothing else of history changed: `padan erase` works as the service's login. What
-- was erased is null; another value would not be what the logs say, and padan audit verify tells.
set local search_path = :schema;

grant update (salt, detail) on event to :login;
grant delete on person, person_word to :login;
