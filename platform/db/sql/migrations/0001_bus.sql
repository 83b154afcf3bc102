-- How far each consumer has read each source's outbox, in commit order.
create table platform.bus_cursors (
  consumer text not null,
  source text not null,
  xid xid8 not null default '0',
  id bigint not null default 0,
  primary key (consumer, source)
);

-- Events a consumer could not take yet; `attempt` 0 waits behind an earlier one of the same key.
create table platform.bus_retries (
  consumer text not null,
  event_id uuid not null,
  source text not null,
  xid xid8 not null,
  id bigint not null,
  key text not null,
  attempt int not null default 0,
  next_at timestamptz not null default now(),
  error text,
  primary key (consumer, event_id)
);
create index on platform.bus_retries (consumer, key);

-- Events that failed every try; they no longer hold up their key. `replay` takes them up again.
create table platform.dead_letters (
  consumer text not null,
  event_id uuid not null,
  source text not null,
  topic text not null,
  key text not null,
  payload json not null,
  error text not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

grant select, insert, update, delete on platform.bus_cursors, platform.bus_retries, platform.dead_letters to tessera_relay;
