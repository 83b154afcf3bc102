-- @name lock
select lock_bookings(array[:booking_id::text])

-- @name booking
select b.booking_id, b.performance_no, b.status, b.status = 'held' and b.expires_at > clock_timestamp() as alive,
  b.line_seats, b.line_tiers, b.line_quantities, b.line_prices, p.performance_id
from booking.bookings b join booking.performances p using (performance_no)
where b.booking_id = :booking_id

-- @name free
select free_claims(:booking_id, :performance_no, :seats::int[]) as freed

-- @name mark_released
update booking.bookings set status = 'released' where booking_id = :booking_id

-- @name log
insert into booking.booking_log (booking_id, from_status, to_status, actor) values (:booking_id, 'held', 'released', :actor)
