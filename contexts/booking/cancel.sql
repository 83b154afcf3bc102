-- @name subject
select b.booking_id, b.performance_no, b.owner_id, b.status, b.total, b.payment_id, p.currency, p.performance_id, p.event_id,
  p.organization_id, p.start_time, p.refund_policy, now() as t
from booking.bookings b join booking.performances p using (performance_no)
where b.booking_id = :booking_id

-- @name intend
insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
select :cancellation_id, b.booking_id, :reason, :refund_percent, :actor
from booking.bookings b where b.booking_id = :booking_id and b.status = 'confirmed'
on conflict (booking_id) do nothing

-- @name intention
select cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, cancelled_at, refunded_at
from booking.cancellations where booking_id = :booking_id

-- @name withdraw
delete from booking.cancellations where cancellation_id = :cancellation_id and cancelled_at is null

-- @name lock_booking
select b.performance_no, b.owner_id, b.status, b.line_seats, b.line_tiers, b.line_quantities, b.line_prices, p.performance_id, p.event_id
from booking.bookings b join booking.performances p using (performance_no)
where b.booking_id = :booking_id
for update of b

-- @name free
select free_claims(:booking_id, :performance_no, :seats::int[], :sold_tiers::int[], :sold_quantities::int[]) as freed

-- @name mark_cancelled
update booking.bookings set status = 'cancelled' where booking_id = :booking_id

-- @name log
insert into booking.booking_log (booking_id, from_status, to_status, actor, detail)
values (:booking_id, 'confirmed', 'cancelled', :actor, :detail)

-- @name note_cancelled
update booking.cancellations set cancelled_at = now() where cancellation_id = :cancellation_id

-- @name note_refunded
update booking.cancellations set refunded_at = now(), refund_amount = :refund_amount where cancellation_id = :cancellation_id

-- @name unfinished
select booking_id from booking.cancellations
where refunded_at is null and requested_at < now() - make_interval(secs => :older_than_s)
order by requested_at limit :limit

-- @name confirmed_of_cancelled
select b.booking_id from booking.performances p join booking.bookings b using (performance_no)
where p.status = 'cancelled' and p.start_time > now() - interval '90 days' and b.status = 'confirmed'
  and not exists (select from booking.cancellations c where c.booking_id = b.booking_id)
limit :limit

-- @name close_performances
update booking.performances set status = 'cancelled'
where event_id = :event_id and performance_id = any (:performance_ids) and status = 'on_sale'

-- @name lock_performances
select performance_no from booking.performances where performance_id = any (:performance_ids) order by performance_no for update
