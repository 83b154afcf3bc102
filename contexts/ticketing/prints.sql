-- @name with_void_tickets
-- Includes names that are no bookings: earlier versions stored prints by other names.
select asked.booking_id
from unnest(:booking_ids::text[]) as asked (booking_id)
where exists (select from tickets t where t.booking_id = asked.booking_id and t.status = 'void')
  or not exists (select from tickets t where t.booking_id = asked.booking_id)
