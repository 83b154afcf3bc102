-- @name lock_ids
select pg_advisory_xact_lock(p.hash)
from (
  select hashtextextended(x.id, 0) as hash from unnest(:performance_ids::text[]) as x (id) order by 1
) p

-- @name remember_cancelled
insert into booking.cancelled_performances (performance_id)
select x.id from unnest(:performance_ids::text[]) as x (id) order by x.id
on conflict (performance_id) do nothing

-- @name lock_performances
select performance_no from booking.performances where performance_id = any (:performance_ids) order by performance_no for update

-- @name close_performances
update booking.performances set status = 'cancelled'
where event_id = :event_id and performance_id = any (:performance_ids) and status = 'on_sale'

-- @name begin
insert into booking.event_cancellations (performance_no, bookings)
select p.performance_no,
  (select count(*) from booking.bookings b where b.performance_no = p.performance_no and b.status = 'confirmed')
from booking.performances p
where p.performance_id = any (:performance_ids) and p.status = 'cancelled'
order by p.performance_no
on conflict (performance_no) do nothing

-- @name unfinished_performances
select performance_no from booking.event_cancellations where finished_at is null order by requested_at limit :limit

-- @name release_holds
select released, freed from release_cancelled_holds(:performance_no, :limit)

-- @name to_cancel
select booking_id from booking.bookings
where performance_no = :performance_no and status = 'confirmed'
order by booking_id limit :limit

-- Takes the locks in the order of the README: the foreign key of a cancellation alone would lock its booking
-- out of order.
-- @name lock_bookings
select lock_bookings(:booking_ids::text[])

-- A cancellation that its buyer has begun stays; `cancel_bookings` turns it into one with a full refund.
-- @name record_all
insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, next_try_at)
select n.cancellation_id, n.booking_id, 'event-cancelled', 100, 'event-cancelled', now()
from unnest(:cancellation_ids::text[], :booking_ids::text[]) as n (cancellation_id, booking_id)
order by n.booking_id
on conflict (booking_id) do nothing

-- @name count_cancelled
update booking.event_cancellations set bookings_cancelled = bookings_cancelled + :count where performance_no = :performance_no

-- @name to_refund
select cancellation_id, booking_id, refund_percent, reason from booking.cancellations
where refunded_at is null and cancelled_at is not null and reason = 'event-cancelled' and next_try_at <= now()
order by next_try_at limit :limit

-- @name postpone_refunds
-- One at a time and in the order of their bookings, like every other writer of cancellations.
with locked as (
  select cancellation_id from booking.cancellations
  where cancellation_id = any (:cancellation_ids::text[]) and refunded_at is null
  order by booking_id for update
)
update booking.cancellations c
set tries = c.tries + 1, next_try_at = now() + make_interval(secs => least(300, 10 * power(2, least(c.tries, 8))))
from locked where c.cancellation_id = locked.cancellation_id

-- @name count_refunded
update booking.event_cancellations e
set refunds_requested = e.refunds_requested + done.refunds, refund_total = e.refund_total + done.total
from (
  select b.performance_no, count(*) filter (where n.amount > 0)::int as refunds, sum(n.amount) as total
  from unnest(:booking_ids::text[], :amounts::bigint[]) as n (booking_id, amount)
  join booking.bookings b using (booking_id)
  group by b.performance_no
) done
join (
  select performance_no from booking.event_cancellations
  where performance_no in (select performance_no from booking.bookings where booking_id = any (:booking_ids::text[]))
  order by performance_no for update
) locked using (performance_no)
where e.performance_no = done.performance_no

-- Marks performances as finished that have no hold, no confirmed booking and no cancellation without its refund
-- left. Locks only rows that nobody else has; those of a concurrent run are left to the next run.
-- @name finish
update booking.event_cancellations e set finished_at = now()
from (
  select performance_no from booking.event_cancellations where finished_at is null for update skip locked
) unfinished
where e.performance_no = unfinished.performance_no
  and not exists (select from booking.bookings b where b.performance_no = e.performance_no and b.status = 'confirmed')
  and not exists (select from booking.bookings b where b.status = 'held' and b.performance_no = e.performance_no)
  and not exists (
    select from booking.cancellations c join booking.bookings b using (booking_id)
    where c.refunded_at is null and b.performance_no = e.performance_no)
