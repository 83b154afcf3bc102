-- @name issue_tickets
-- Locks the bookings' rows first: a concurrent cancellation waits for them or is visible.
with booking as (
  insert into bookings (booking_id) select distinct b.id from unnest(:booking_ids::text[]) as b (id) order by b.id
  on conflict (booking_id) do update set booking_id = excluded.booking_id
  returning booking_id, cancelled_at, user_id
)
insert into tickets (ticket_id, booking_id, position, performance_id, event_id, organization_id, user_id, seat_no, seat_id,
  seat_label, tier_id, tier_name, holder_first_name, holder_last_name, code_id, key_id, status, voided_at)
select fresh.ticket_id, booking.booking_id, fresh.position, fresh.performance_id, fresh.event_id, fresh.organization_id,
  coalesce(booking.user_id, fresh.user_id), fresh.seat_no, fresh.seat_id, fresh.seat_label, fresh.tier_id, fresh.tier_name, fresh.first_name,
  fresh.last_name, fresh.code_id, (select key_id from signing_keys where retired_at is null),
  case when booking.cancelled_at is null then 'active' else 'void' end, booking.cancelled_at
from unnest(:ticket_ids::text[], :booking_ids::text[], :positions::int[], :performance_ids::text[], :event_ids::text[],
  :organization_ids::text[], :user_ids::text[], :seat_nos::int[], :seat_ids::text[], :seat_labels::text[],
  :tier_ids::text[], :tier_names::text[], :first_names::text[], :last_names::text[], :code_ids::uuid[])
  as fresh (ticket_id, booking_id, position, performance_id, event_id, organization_id, user_id, seat_no, seat_id,
    seat_label, tier_id, tier_name, first_name, last_name, code_id)
join booking on booking.booking_id = fresh.booking_id
order by fresh.booking_id, fresh.position
on conflict (booking_id, position) do nothing
returning booking_id, ticket_id, code_id, seat_id, seat_label, tier_id, tier_name, status
