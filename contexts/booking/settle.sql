-- @name lock
select lock_bookings(array[:booking_id::text])

-- @name lock_booking
select b.booking_id, b.performance_no, b.owner_id, b.status, b.payment_id, b.total, b.line_seats, b.line_tiers,
  b.line_quantities, b.line_prices, p.currency, p.performance_id, p.event_id, p.organization_id, p.status as performance_status
from booking.bookings b join booking.performances p using (performance_no)
where b.booking_id = :booking_id
for update of b

-- @name keep_claims
select keep_claims(:booking_id, clock_timestamp()) as kept

-- @name mark_confirmed
update booking.bookings set status = 'confirmed', payment_id = :payment_id where booking_id = :booking_id

-- @name log
insert into booking.booking_log (booking_id, from_status, to_status, actor, payment_id)
select :booking_id, x.f, x.t, :actor, :payment_id
from unnest(:from_statuses::text[], :to_statuses::text[]) with ordinality as x (f, t, i) order by x.i
