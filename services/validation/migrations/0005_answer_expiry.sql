set local search_path = :schema;

-- Answers of Dukcapil that hold no more leave when others are kept.
create index answer_expiry on answer (tenant, valid_until);
grant delete on answer to :login;
