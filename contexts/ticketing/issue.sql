-- @name issue_tickets
-- The booking's row is taken first: a cancellation that runs at the same moment waits for it or is seen by it.
with booking as (
  insert into bookings (booking_id) values (:booking_id)
  on conflict (booking_id) do update set booking_id = excluded.booking_id
  returning booking_id, cancelled_at, user_id
)
insert into tickets (ticket_id, booking_id, position, performance_id, event_id, organization_id, user_id, seat_no, seat_id,
  seat_label, tier_id, tier_name, holder_first_name, holder_last_name, code_id, key_id, status, voided_at)
select fresh.ticket_id, booking.booking_id, fresh.position, :performance_id, :event_id, :organization_id, coalesce(booking.user_id, :user_id),
  fresh.seat_no, fresh.seat_id, fresh.seat_label, fresh.tier_id, fresh.tier_name, :first_name::text, :last_name::text,
  fresh.code_id, (select key_id from signing_keys where retired_at is null),
  case when booking.cancelled_at is null then 'active' else 'void' end, booking.cancelled_at
from booking
cross join unnest(:ticket_ids::text[], :seat_nos::int[], :seat_ids::text[], :seat_labels::text[], :tier_ids::text[],
  :tier_names::text[], :code_ids::uuid[]) with ordinality
  as fresh (ticket_id, seat_no, seat_id, seat_label, tier_id, tier_name, code_id, position)
on conflict (booking_id, position) do nothing
returning ticket_id, code_id, seat_id, seat_label, tier_id, tier_name, status
