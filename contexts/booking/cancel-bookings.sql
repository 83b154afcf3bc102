-- @name cancel_bookings
select booking_id, performance_no, freed, event_id from cancel_bookings(:booking_ids::text[])

-- @name note_refunded
with locked as (
  select cancellation_id from booking.cancellations
  where cancellation_id = any (:cancellation_ids::text[]) and refunded_at is null
  order by booking_id for update
)
update booking.cancellations c
set refunded_at = now(), refund_amount = p.refund_amount, waits_for_dispute = p.waiting
from unnest(:cancellation_ids::text[], :refund_amounts::bigint[], :waiting::boolean[])
  as p (cancellation_id, refund_amount, waiting)
join locked using (cancellation_id)
where c.cancellation_id = p.cancellation_id and c.refunded_at is null
returning c.cancellation_id
