-- A guest whose bookings belong to an account since they signed in, with what moved so far and the events that say so. A
-- hold that was still on its way then is found by it.
create table adoptions (
  guest_id text primary key,
  user_id text not null,
  booking_ids text[] not null,
  event_ids text[] not null,
  adopted_at timestamptz not null default now(),
  check (guest_id <> user_id)
);
