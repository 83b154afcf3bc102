-- Check-in's own copy of what is played, from catalog.performance_published.
create table performances (
  performance_id text primary key,
  revision int not null,
  event_id text not null,
  organization_id text not null
);

-- Public keys that sign ticket codes, kept so that the door works while ticketing is away. Keys are never taken back.
create table code_keys (
  key_id text primary key,
  public_key text not null,
  learned_at timestamptz not null default now()
);

-- Check-in's own copy of tickets, with their state at the door. A row without a code is a ticket that was revoked before
-- the news of it came: it waits for its details and stays revoked.
create table tickets (
  ticket_id text primary key,
  code_id uuid unique,
  booking_id text not null,
  performance_id text,
  event_id text,
  organization_id text,
  seat_id text,
  seat_label text,
  tier_id text,
  tier_name text,
  holder_first_name text,
  holder_last_name text,
  revoked_at timestamptz,
  admitted_at timestamptz,
  checkin_id text,
  gate text,
  check (num_nulls(code_id, performance_id, event_id, organization_id, seat_label, tier_id, tier_name) in (0, 7)),
  check (code_id is not null or revoked_at is not null),
  check ((admitted_at is null) = (checkin_id is null)),
  check ((holder_first_name is null) = (holder_last_name is null))
)
-- Nothing that an admission changes is indexed and pages keep room, so that it writes one heap row and no index entry.
with (fillfactor = 80);
create index tickets_of_performance on tickets (performance_id);

-- Every admission and its undoing, for ever: this role may add to it and nothing else.
create table admissions (
  entry bigint generated always as identity,
  checkin_id text not null,
  kind text not null check (kind in ('admitted', 'undone')),
  ticket_id text not null,
  performance_id text not null,
  at timestamptz not null,
  staff_user_id text not null,
  gate text,
  device_id text,
  scanned_at timestamptz,
  -- An Idempotency-Key binds at the admission it won: the log is where a repeat finds its answer.
  idempotency_key text,
  body_hash text,
  primary key (checkin_id, kind),
  check ((idempotency_key is null) = (body_hash is null)),
  check (idempotency_key is null or kind = 'admitted')
);
create unique index admissions_by_key on admissions (staff_user_id, idempotency_key) where idempotency_key is not null;
create index admissions_of_performance on admissions (performance_id, entry);
revoke update, delete, truncate on admissions from tessera_checkin;
