-- Ticketing's own copy of what is on sale, from catalog.performance_published.
create table performances (
  performance_id text primary key,
  revision int not null,
  event_id text not null,
  organization_id text not null,
  chart_id text,
  title text not null,
  genre text not null,
  start_time timestamptz not null,
  end_time timestamptz not null,
  doors_time timestamptz,
  venue_id text not null,
  venue_name text not null,
  venue_address text not null,
  venue_city text not null,
  venue_country text not null,
  time_zone text not null
);

-- Ed25519 keys of this installation. The private half is sealed with the installation's secret. Retired keys sign
-- nothing new; what they signed stays good, and is signed again, the same, whenever its holder asks for it.
create table signing_keys (
  key_id text primary key check (key_id ~ '^[0-9a-f]{8}$'),
  public_key text not null,
  private_key_sealed text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);
create unique index signing_keys_one_current on signing_keys ((true)) where retired_at is null;

-- One row a booking: issuing and voiding are two consumers, and meet on its lock.
create table bookings (
  booking_id text primary key,
  cancelled_at timestamptz
);

create table tickets (
  ticket_id text primary key,
  booking_id text not null references bookings,
  -- 1, 2, … within the booking: what makes issuing the same booking twice impossible.
  position int not null check (position >= 1),
  performance_id text not null,
  event_id text not null,
  organization_id text not null,
  user_id text not null,
  seat_no int,
  seat_id text,
  seat_label text not null,
  tier_id text not null,
  tier_name text not null,
  holder_first_name text,
  holder_last_name text,
  -- What the signed code carries. The code itself is not stored: it is signed again when its holder asks for it.
  code_id uuid not null unique,
  -- No foreign key: every issuing transaction would lock the one current key row.
  key_id text not null,
  status text not null default 'active' check (status in ('active', 'void')),
  issued_at timestamptz not null default now(),
  voided_at timestamptz,
  unique (booking_id, position),
  check ((status = 'void') = (voided_at is not null)),
  check ((seat_no is null) = (seat_id is null)),
  check ((holder_first_name is null) = (holder_last_name is null))
);
create index tickets_of_user on tickets (user_id);
create index tickets_of_seat on tickets (performance_id, seat_no) where status = 'active' and seat_no is not null;

-- A ticket as its readers need it.
create view ticket_details as
select t.ticket_id, t.booking_id, t.position, t.performance_id, t.event_id, t.organization_id, t.user_id,
  t.seat_no, t.seat_id, t.seat_label, t.tier_id, t.tier_name, t.holder_first_name, t.holder_last_name,
  t.code_id, t.key_id, t.status, t.issued_at,
  (select count(*)::int from tickets all_of where all_of.booking_id = t.booking_id) as tickets_of_booking,
  p.revision, p.chart_id, p.title, p.genre, p.start_time, p.end_time, p.doors_time,
  p.venue_id, p.venue_name, p.venue_address, p.venue_city, p.venue_country, p.time_zone
from tickets t
join performances p using (performance_id);
