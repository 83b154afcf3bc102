-- A backlog is read in the order of ids.
create unique index outbox_by_id on outbox (id);

-- Raised by a replay: a batch that was read before it must not have its effect after it.
create table inbox_generations (
  consumer text primary key,
  generation int not null default 1
);
