-- The tables every context has, in its own schema. Applied with search_path on that schema.

-- Published events, written in the transaction of the change. (xid, id) is commit order under the xmin
-- horizon.
create table if not exists outbox (
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  event_id uuid not null default uuidv7(),
  topic text not null,
  key text not null,
  payload json not null,
  traceparent text,
  created_at timestamptz not null default now(),
  primary key (xid, id)
);

-- Handled events: an event id is stored once its effect has committed, so the effect happens once.
create table if not exists inbox (
  consumer text not null,
  event_id uuid not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

-- Answers by idempotency key, kept at least seven days. A row without a status is an effect still in
-- progress.
create table if not exists idempotency_keys (
  owner text not null,
  operation text not null,
  key text not null,
  body_hash text not null,
  status int,
  body json,
  created_at timestamptz not null default now(),
  primary key (owner, operation, key)
);
