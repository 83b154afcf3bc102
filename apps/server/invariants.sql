-- Invariants between contexts. Events connect them, so each statement allows 30 seconds for delivery; none
-- may depend on the order in which two contexts receive an event. Each statement reads the keys from :from to :to; the
-- blocks of keys say what there is to go through (platform/invariants). Ids of bookings are collated "C" in booking alone:
-- what looks them up elsewhere says which collation the index there has. `offset 0` keeps a look-up of single rows from
-- becoming a search of its own.

-- @name booking_keys
select booking_id as key from booking.bookings

-- @name ticket_keys
select booking_id as key from ticketing.tickets

-- @name payment_keys
select id as key from payment.payments

-- @name cancellation_keys
select cancellation_id as key from booking.cancellations

-- @name performance_keys
-- A row for each performance and one more for each 1,000 of its seats, as many as are looked at whether sold or not.
select performance_no as key
from booking.performances cross join lateral generate_series(0, seat_count / 1000)

-- @name tickets_of_confirmed
-- I7: every seat and general-admission ticket of a confirmed booking has exactly one active ticket.
select b.booking_id, line.places, t.tickets
from booking.bookings b
cross join lateral (select sum(quantity) as places from unnest(b.line_quantities) as quantity) line
cross join lateral (
  select count(*) as tickets from ticketing.tickets where booking_id = b.booking_id collate "default" and status = 'active'
) t
where b.booking_id between :from and :to and b.status = 'confirmed' and t.tickets <> line.places
  and exists (
    select from booking.booking_log l
    where l.booking_id = b.booking_id and l.to_status = 'confirmed' and l.at < now() - interval '30 seconds')

-- @name ticket_without_booking
-- I7, the other way: an active ticket belongs to a confirmed booking.
select t.ticket_id, t.booking_id, b.status
from ticketing.tickets t
left join booking.bookings b using (booking_id)
where t.booking_id between :from and :to and t.status = 'active' and b.status is distinct from 'confirmed'
  and not exists (
    select from booking.booking_log l where l.booking_id = b.booking_id and l.at > now() - interval '30 seconds')

-- @name confirmed_is_paid
-- I8: the price of a confirmed booking has been captured by the payment that it names, in its own currency.
select b.booking_id, b.total, p.id as payment_id, p.captured
from booking.bookings b
join booking.performances on performances.performance_no = b.performance_no
left join payment.payments p on p.id = b.payment_id and p.booking_id = b.booking_id
where b.booking_id between :from and :to and b.status = 'confirmed' and b.total > 0
  and (p.id is null or p.captured <> b.total or p.currency <> performances.currency)

-- @name confirmed_is_settled
-- I8: the payment of a confirmed booking is settled as confirmed and is not being refunded as unsettled.
select b.booking_id, p.id as payment_id, p.settlement
from booking.bookings b join payment.payments p on p.id = b.payment_id
where b.booking_id between :from and :to and b.status = 'confirmed'
  and p.settlement is distinct from 'confirmed'
  and (p.settlement is distinct from 'pending' or p.succeeded_at < now() - interval '30 seconds')

-- @name paid_is_kept
-- I5: captured money that has not been refunded belongs to a confirmed booking, or to one cancelled under its
-- policy.
select p.id as payment_id, p.booking_id, b.status, p.settlement, p.captured, p.refunded, p.refund_pending
from payment.payments p left join booking.bookings b using (booking_id)
where p.id between :from and :to and p.captured > p.refunded + p.refund_pending
  and p.succeeded_at < now() - interval '60 seconds'
  and not exists (select from payment.disputes d where d.payment_id = p.id)
  -- A returned refund is a case of its own (I11-cases).
  and not exists (select from payment.refunds r join payment.refund_cases c on c.refund_id = r.id where r.payment_id = p.id)
  and (p.settlement is distinct from 'confirmed' or b.status is null
    or b.status not in ('confirmed', 'cancelled') or b.payment_id is distinct from p.id)

-- @name cancelled_event_is_refunded
-- I31: no booking of a cancelled event is live, and all of its money is refunded or being refunded.
select b.booking_id, b.status, p.id as payment_id, p.captured, p.refunded, p.refund_pending
from booking.bookings b
cross join lateral (
  select event_id from booking.performances where performance_no = b.performance_no and status = 'cancelled' offset 0
) o
join catalog.events e on e.id = o.event_id and e.cancelled_at < now() - interval '10 minutes'
left join payment.payments p on p.id = b.payment_id
left join booking.cancellations c on c.booking_id = b.booking_id and c.reason = 'event-cancelled'
left join lateral (select payment_id from payment.disputes where payment_id = p.id limit 1) d on true
left join lateral (
  select r.payment_id from payment.refunds r join payment.refund_cases k on k.refund_id = r.id where r.payment_id = p.id limit 1
) k on true
where b.booking_id between :from and :to
  and (b.status in ('confirmed', 'held')
    or (p.captured > p.refunded + p.refund_pending and c.booking_id is not null and d.payment_id is null and k.payment_id is null))

-- @name promised_refund_is_made
-- I31: the promise of a cancellation is the sum of its refunds, to the unit.
select c.cancellation_id, c.booking_id, c.refund_amount as promised, r.refunds
from booking.cancellations c
cross join lateral (
  select coalesce(sum(r.amount), 0) as refunds
  from payment.payments p join payment.refunds r on r.payment_id = p.id
  where p.booking_id = c.booking_id collate "default" and r.cause = c.cancellation_id and r.reason in ('cancellation', 'event-cancelled')
) r
where c.cancellation_id between :from and :to
  and c.refunded_at is not null and coalesce(c.refund_amount, 0) <> r.refunds

-- @name cancelled_event_promises_all
-- I31: the cancellation of an event promises the whole remainder of the payment.
select c.cancellation_id, c.booking_id, c.refund_percent, c.refund_amount as promised, p.captured, other.refunds, lost.amount as lost
from booking.cancellations c
join booking.bookings b using (booking_id)
left join payment.payments p on p.id = b.payment_id
left join lateral (
  select coalesce(sum(amount), 0) as refunds from payment.refunds r where r.payment_id = p.id and r.cause <> c.cancellation_id
) other on true
left join lateral (
  select coalesce(sum(amount), 0) as amount from payment.disputes d where d.payment_id = p.id and d.status = 'lost'
) lost on true
where c.cancellation_id between :from and :to and c.reason = 'event-cancelled'
  and (c.refund_percent <> 100 or (c.refunded_at is not null and p.captured - other.refunds - lost.amount > c.refund_amount))

-- @name cancellation_completed
-- I31: every cancellation is completed, including its refund.
select cancellation_id, booking_id, requested_at, cancelled_at from booking.cancellations
where refunded_at is null and requested_at < now() - interval '10 minutes'

-- @name door_knows_tickets
-- I20: check-in has every active ticket as active, and no void one.
select t.ticket_id, t.status, d.revoked_at
from ticketing.tickets t left join checkin.tickets d using (ticket_id)
where t.booking_id between :from and :to and greatest(t.issued_at, t.voided_at) < now() - interval '30 seconds'
  and ((t.status = 'active' and d.code_id is null) or (t.status = 'void' and d.ticket_id is not null and d.revoked_at is null))

-- @name one_organization
-- I29: a booking's money and tickets belong to the organization of its performance.
select b.booking_id, o.organization_id, p.organization_id as of_payment, t.organization_id as of_ticket
from booking.bookings b
join booking.performances o on o.performance_no = b.performance_no
left join payment.payments p on p.booking_id = b.booking_id collate "default"
left join ticketing.tickets t on t.booking_id = b.booking_id collate "default"
where b.booking_id between :from and :to
  and (p.organization_id <> o.organization_id or t.organization_id <> o.organization_id)

-- @name no_dead_letters
-- I19: there are no dead letters.
select consumer, event_id, topic, error from platform.dead_letters

-- @name picture_equals_claims
-- I21: the seat states equal booking's claims and counters at the watermark: performances with an event that
-- has not been projected are left out. A claim that has expired and was not announced yet is in both.
with unsettled as materialized (
  select o.key from booking.outbox o
  where o.xid >= coalesce(
      (select c.xid from platform.bus_cursors c where c.consumer = 'realtime.project' and c.source = 'booking'), '0'::xid8)
    and o.topic in ('booking.held', 'booking.released', 'booking.expired', 'booking.confirmed', 'booking.cancelled',
      'booking.seats_blocked', 'booking.seats_unblocked')
    and not exists (select from realtime.inbox i where i.consumer = 'realtime.project' and i.event_id = o.event_id)
  union
  select r.key from platform.bus_retries r where r.consumer = 'realtime.project'
), settled as materialized (
  select p.performance_no, p.performance_id from booking.performances p
  where p.performance_no between :from and :to and p.performance_id not in (select key from unsettled)
), seat as (
  select coalesce(c.performance_id, v.performance_id) as performance_id, coalesce(c.seat, v.seat) as seat, c.state as claimed,
    v.state as shown
  from (
    select s.performance_id, c.seat,
      case when starts_with(c.holder_id, 'blk_') then 3 when c.expires_at = 'infinity' then 2 else 1 end as state
    from settled s
    cross join lateral (
      select seat, holder_id, expires_at from booking.seat_claims where performance_no = s.performance_no offset 0
    ) c
  ) c
  full join (
    -- Copied once a performance: each byte of a stored value would be read by unpacking all of it.
    select s.performance_id, seat, get_byte(v.seats, seat) & 3 as state
    from settled s
    cross join lateral (
      select st.seats || ''::bytea as seats from realtime.seat_states st where st.performance_id = s.performance_id offset 0
    ) v
    cross join lateral generate_series(0, length(v.seats) - 1) as seat
    where get_byte(v.seats, seat) & 3 <> 0
  ) v on v.performance_id = c.performance_id and v.seat = c.seat
  where c.state is distinct from v.state
), counter as (
  select s.performance_id, t.tier_id, json_build_array(c.held, c.sold, c.blocked)::text as counted,
    json_build_array(coalesce((v.places -> t.tier_id ->> 'held')::int, 0),
      coalesce((v.places -> t.tier_id ->> 'sold')::int, 0), coalesce((v.places -> t.tier_id ->> 'blocked')::int, 0))::text as shown
  from settled s
  join booking.tiers t using (performance_no)
  join booking.quotas c using (tier_no)
  left join realtime.seat_states v using (performance_id)
)
select performance_id, seat::text as what, claimed::text as booked, shown::text as shown from seat
union all
select performance_id, tier_id, counted, shown from counter where counted <> shown
