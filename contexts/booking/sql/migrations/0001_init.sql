-- What is on sale: booking's own copy, fed by catalog.performance_published. Nothing here is looked up elsewhere at a hold.
create table charts (
  chart_id text primary key,
  chart json not null
);

create table performances (
  performance_no int generated always as identity unique,
  performance_id text primary key,
  event_id text not null,
  organization_id text not null,
  revision int not null,
  chart_id text references charts,
  seat_count int not null check (seat_count >= 0),
  title text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  start_time timestamptz not null,
  end_time timestamptz not null,
  refund_policy json not null,
  status text not null check (status in ('on_sale', 'cancelled'))
);
create index on performances (event_id);

create table tiers (
  tier_no int generated always as identity unique,
  tier_id text primary key,
  performance_no int not null references performances (performance_no),
  position int not null,
  name text not null,
  price bigint not null check (price >= 0),
  categories text[],
  quantity int check (quantity >= 0),
  sale_start timestamptz not null,
  sale_end timestamptz not null,
  min_per_order int not null check (min_per_order >= 1),
  max_per_order int not null check (max_per_order >= min_per_order),
  max_per_person int check (max_per_person >= 1),
  check ((categories is null) <> (quantity is null))
);
create index on tiers (performance_no);

-- Who has a seat. No row: free. A hold ends at expires_at and may then be taken over in place; sold is 'infinity'; a block
-- is a claim too, ending at its release. The key is the last line of defence: it cannot hold one seat twice.
create table seat_claims (
  performance_no int not null,
  seat int not null check (seat >= 0),
  -- bk_… or blk_…
  holder_id text not null,
  expires_at timestamptz not null,
  primary key (performance_no, seat)
) with (fillfactor = 85);

-- General admission: counters, changed once a batch.
create table place_counts (
  tier_no int primary key references tiers (tier_no),
  total int not null check (total >= 0),
  held int not null default 0 check (held >= 0),
  sold int not null default 0 check (sold >= 0),
  blocked int not null default 0 check (blocked >= 0),
  check (held + sold + blocked <= total)
) with (fillfactor = 50);

-- The holds and blocks behind `held` and `blocked`: what is to be given back when they end.
create table place_holds (
  holder_id text not null,
  tier_no int not null references tiers (tier_no),
  quantity int not null check (quantity > 0),
  expires_at timestamptz not null,
  primary key (holder_id, tier_no)
);
create index on place_holds (tier_no, expires_at);

-- One booking. It carries its idempotency key and the priced lines as parallel arrays (seat -1: general admission), and
-- is itself the log's `held` entry: those columns never change.
create table bookings (
  booking_id text primary key,
  performance_no int not null,
  owner_id text not null,
  idempotency_key text not null,
  body_hash text not null,
  line_seats int[] not null,
  line_tiers int[] not null,
  line_quantities int[] not null,
  line_prices bigint[] not null,
  total bigint not null check (total >= 0),
  held_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null default 'held' check (status in ('held', 'confirmed', 'expired', 'released', 'cancelled')),
  payment_id text,
  unique (owner_id, idempotency_key),
  check (cardinality(line_seats) = cardinality(line_tiers) and cardinality(line_seats) = cardinality(line_quantities)
    and cardinality(line_seats) = cardinality(line_prices) and cardinality(line_seats) > 0),
  check (payment_id is null or status in ('confirmed', 'cancelled'))
) with (fillfactor = 80);
-- For the announcer of expiries.
create index bookings_held on bookings (expires_at) where status = 'held';

-- Every transition after `held`, append-only: a booking's state can be rebuilt from it.
create table booking_log (
  log_id bigint generated always as identity primary key,
  booking_id text not null,
  from_status text not null,
  to_status text not null,
  actor text not null,
  payment_id text,
  detail json,
  at timestamptz not null default clock_timestamp(),
  check ((from_status, to_status) in (
    ('held', 'confirmed'), ('held', 'expired'), ('held', 'released'), ('expired', 'confirmed'), ('confirmed', 'cancelled')))
);
create index on booking_log (booking_id);
revoke update, delete on booking_log from tessera_booking;

-- A confirmed booking on its way to cancelled: the intention stands before anything is done, and is driven until done.
create table cancellations (
  cancellation_id text primary key,
  booking_id text not null unique references bookings,
  reason text not null check (reason in ('buyer', 'event-cancelled')),
  refund_percent int not null check (refund_percent between 0 and 100),
  actor text not null,
  refund_amount bigint,
  requested_at timestamptz not null default now(),
  cancelled_at timestamptz,
  refunded_at timestamptz
);
create index on cancellations (requested_at) where refunded_at is null;

-- House seats and other blocks; their seats are claims, their places are place_holds.
create table blocks (
  block_id text primary key,
  performance_id text not null,
  organization_id text not null,
  event_id text not null,
  seat_ids text[] not null,
  tier_id text,
  quantity int check (quantity > 0),
  reason text not null,
  release_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  check ((tier_id is null) = (quantity is null)),
  check ((cardinality(seat_ids) > 0) <> (tier_id is not null))
);
create index on blocks (performance_id);
