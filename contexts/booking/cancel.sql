-- @name subject
select b.status, p.currency, p.status as performance_status, p.end_time <= now() as ended, now() as db_now,
  json_build_object('start_time', p.start_time, 'refund_policy', p.refund_policy) as terms_now,
  case when t.revision is not null
    then json_build_object('start_time', t.start_time, 'refund_policy', t.refund_policy) end as terms_at_hold
from booking.bookings b
join booking.performances p using (performance_no)
left join booking.performance_terms t on t.performance_no = b.performance_no and t.revision = b.revision
where b.booking_id = :booking_id

-- Locks the booking before its cancellation is written. The foreign key alone would lock it only afterwards,
-- and deadlock with the batch of a cancelled event.
-- @name record
with confirmed as (
  select booking_id from booking.bookings where booking_id = :booking_id and status = 'confirmed' for key share
)
insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
select :cancellation_id, booking_id, :reason, :refund_percent, :actor from confirmed
on conflict (booking_id) do nothing

-- @name recorded
select cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, waits_for_dispute, cancelled_at, refunded_at
from booking.cancellations where booking_id = :booking_id

-- @name lock
select lock_bookings(array[:booking_id::text])

-- Locks the booking first, like every other writer of cancellations: the batch of a cancelled event must not find a
-- cancellation and lose it before it cancels by it.
-- @name withdraw
with locked as (
  select booking_id from booking.bookings where booking_id = :booking_id for update
)
delete from booking.cancellations c using locked
where c.booking_id = locked.booking_id and c.cancellation_id = :cancellation_id and c.cancelled_at is null

-- Postponed when claimed: whatever the result of this attempt, the next one is later, and no other run
-- attempts it meanwhile.
-- @name claim_due
update booking.cancellations c
set tries = tries + 1, next_try_at = now() + make_interval(secs => least(300, 10 * power(2, least(tries, 8))))
from (
  select cancellation_id from booking.cancellations
  where refunded_at is null and reason = 'buyer' and next_try_at <= now()
  order by next_try_at
  limit :limit
  for update skip locked
) due
where c.cancellation_id = due.cancellation_id
returning c.booking_id
