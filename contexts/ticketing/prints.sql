-- @name with_void_tickets
-- Also names that are no booking of ours: prints of an earlier version were not kept by booking.
select asked.booking_id
from unnest(:booking_ids::text[]) as asked (booking_id)
where exists (select from tickets t where t.booking_id = asked.booking_id and t.status = 'void')
  or not exists (select from tickets t where t.booking_id = asked.booking_id)
