-- How often the order link of a booking was revoked; a booking without a row has its first link.
create table order_links (
  booking_id text primary key references bookings,
  version int not null check (version > 0),
  revoked_at timestamptz not null default now()
);
