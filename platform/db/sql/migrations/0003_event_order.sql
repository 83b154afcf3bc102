-- A consumer's position in a source's outbox. Taken are: every row of a transaction before `xid`, and, while a backlog is
-- read, of the rows of transactions from `xid` up to but without `until` those with an id up to `id`.
alter table platform.bus_cursors add column until xid8;
-- Before, (xid, id) was the last row that had been taken.
update platform.bus_cursors set until = (xid::text::numeric + 1)::text::xid8;

-- The retries carry the event itself, whichever transport brought it. Whoever had one reads its source anew; the inbox
-- keeps what had an effect from having it again.
delete from platform.bus_cursors c
using platform.bus_retries r where r.consumer = c.consumer and r.source = c.source;
drop table platform.bus_retries;
create table platform.bus_retries (
  consumer text not null,
  event_id uuid not null,
  source text not null,
  topic text not null,
  key text not null,
  payload json not null,
  occurred_at timestamptz not null,
  traceparent text,
  -- The order in which a key's events are tried.
  position bigint generated always as identity,
  -- 0: not tried yet, waits behind an earlier event of its key.
  attempt int not null default 0,
  next_at timestamptz not null default now(),
  error text,
  primary key (consumer, event_id)
);
create index on platform.bus_retries (consumer, source, key, position);
grant select, insert, update, delete on platform.bus_retries to tessera_relay;

-- A letter can be driven again alone, by its number.
alter table platform.dead_letters
  add column letter_id bigint generated always as identity unique,
  add column occurred_at timestamptz not null default now(),
  add column traceparent text;
