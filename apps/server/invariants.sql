-- Invariants between contexts. Events connect them, so each statement allows 30 seconds for delivery; none
-- may depend on the order in which two contexts receive an event.

-- @name tickets_of_confirmed
-- I7: every seat and general-admission ticket of a confirmed booking has exactly one active ticket.
select b.booking_id, b.places, count(t.ticket_id) as tickets
from (
  select bookings.booking_id, sum(line.quantity) as places
  from booking.bookings cross join lateral unnest(bookings.line_quantities) as line (quantity)
  where bookings.status = 'confirmed'
    and exists (
      select from booking.booking_log l
      where l.booking_id = bookings.booking_id and l.to_status = 'confirmed' and l.at < now() - interval '30 seconds')
  group by bookings.booking_id
) b
left join ticketing.tickets t on t.booking_id = b.booking_id and t.status = 'active'
group by b.booking_id, b.places
having count(t.ticket_id) <> b.places

-- @name ticket_without_booking
-- I7, the other way: an active ticket belongs to a confirmed booking.
select t.ticket_id, t.booking_id, b.status
from ticketing.tickets t left join booking.bookings b using (booking_id)
where t.status = 'active'
  and (b.booking_id is null
    or (b.status <> 'confirmed' and not exists (
      select from booking.booking_log l where l.booking_id = b.booking_id and l.at > now() - interval '30 seconds')))

-- @name confirmed_is_paid
-- I8: the price of a confirmed booking has been captured by the payment that it names, in its own currency.
select b.booking_id, b.total, p.id as payment_id, p.captured
from booking.bookings b
join booking.performances on performances.performance_no = b.performance_no
left join payment.payments p on p.id = b.payment_id and p.booking_id = b.booking_id
where b.status = 'confirmed' and b.total > 0
  and (p.id is null or p.captured <> b.total or p.currency <> performances.currency)

-- @name confirmed_is_settled
-- I8: the payment of a confirmed booking is settled as confirmed and is not being refunded as unsettled.
select b.booking_id, p.id as payment_id, p.settlement
from booking.bookings b join payment.payments p on p.id = b.payment_id
where b.status = 'confirmed'
  and p.settlement is distinct from 'confirmed'
  and (p.settlement is distinct from 'pending' or p.succeeded_at < now() - interval '30 seconds')

-- @name paid_is_kept
-- I5: captured money that has not been refunded belongs to a confirmed booking, or to one cancelled under its
-- policy.
select p.id as payment_id, p.booking_id, b.status, p.settlement, p.captured, p.refunded, p.refund_pending
from payment.payments p left join booking.bookings b using (booking_id)
where p.captured > p.refunded + p.refund_pending
  and p.succeeded_at < now() - interval '60 seconds'
  and not exists (select from payment.disputes d where d.payment_id = p.id)
  -- A returned refund is a case of its own (I11-cases).
  and not exists (select from payment.refund_cases c join payment.refunds r on r.id = c.refund_id where r.payment_id = p.id)
  and (p.settlement is distinct from 'confirmed' or b.status is null
    or b.status not in ('confirmed', 'cancelled') or b.payment_id is distinct from p.id)

-- @name cancelled_event_is_refunded
-- I31: no booking of a cancelled event is live, and all of its money is refunded or being refunded.
select b.booking_id, b.status, p.id as payment_id, p.captured, p.refunded, p.refund_pending
from booking.bookings b
join booking.performances on performances.performance_no = b.performance_no and performances.status = 'cancelled'
join catalog.events e on e.id = performances.event_id and e.cancelled_at < now() - interval '10 minutes'
left join payment.payments p on p.id = b.payment_id
where b.status in ('confirmed', 'held')
  or (p.captured > p.refunded + p.refund_pending
    and exists (select from booking.cancellations c where c.booking_id = b.booking_id and c.reason = 'event-cancelled')
    and not exists (select from payment.disputes d where d.payment_id = p.id)
    and not exists (select from payment.refund_cases c join payment.refunds r on r.id = c.refund_id where r.payment_id = p.id))

-- @name promised_refund_is_made
-- I31: the promise of a cancellation is the sum of its refunds, to the unit.
select c.cancellation_id, c.booking_id, c.refund_amount as promised, r.refunds
from booking.cancellations c
left join (
  select cause, sum(amount) as refunds from payment.refunds where reason in ('cancellation', 'event-cancelled') group by cause
) r on r.cause = c.cancellation_id
where c.refunded_at is not null and coalesce(c.refund_amount, 0) <> coalesce(r.refunds, 0)

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
where c.reason = 'event-cancelled'
  and (c.refund_percent <> 100 or (c.refunded_at is not null and p.captured - other.refunds - lost.amount > c.refund_amount))

-- @name cancellation_completed
-- I31: every cancellation is completed, including its refund.
select cancellation_id, booking_id, requested_at, cancelled_at from booking.cancellations
where refunded_at is null and requested_at < now() - interval '10 minutes'

-- @name door_knows_tickets
-- I20: check-in has every active ticket as active, and no void one.
select t.ticket_id, t.status, d.revoked_at
from ticketing.tickets t left join checkin.tickets d using (ticket_id)
where greatest(t.issued_at, t.voided_at) < now() - interval '30 seconds'
  and ((t.status = 'active' and d.code_id is null) or (t.status = 'void' and d.ticket_id is not null and d.revoked_at is null))

-- @name one_organization
-- I29: a booking's money and tickets belong to the organization of its performance.
select b.booking_id, o.organization_id, p.organization_id as of_payment, t.organization_id as of_ticket
from booking.bookings b
join booking.performances o on o.performance_no = b.performance_no
left join payment.payments p using (booking_id)
left join ticketing.tickets t using (booking_id)
where p.organization_id <> o.organization_id or t.organization_id <> o.organization_id

-- @name no_dead_letters
-- I19: there are no dead letters.
select consumer, event_id, topic, error from platform.dead_letters

-- @name picture_equals_claims
-- I21: the seat states equal booking's claims and counters at the watermark: performances with an event that
-- has not been projected are left out. A claim that has expired and was not announced yet is in both.
with settled as materialized (
  select p.performance_no, p.performance_id from booking.performances p
  where not exists (
    select from booking.outbox o
    where o.key = p.performance_id
      and o.xid >= coalesce(
        (select c.xid from platform.bus_cursors c where c.consumer = 'realtime.project' and c.source = 'booking'), '0'::xid8)
      and o.topic in ('booking.held', 'booking.released', 'booking.expired', 'booking.confirmed', 'booking.cancelled',
        'booking.seats_blocked', 'booking.seats_unblocked')
      and not exists (
        select from realtime.inbox i where i.consumer = 'realtime.project' and i.event_id = o.event_id))
    and not exists (
      select from platform.bus_retries r where r.consumer = 'realtime.project' and r.key = p.performance_id)
), seat as (
  select coalesce(c.performance_id, v.performance_id) as performance_id, coalesce(c.seat, v.seat) as seat, c.state as claimed,
    v.state as shown
  from (
    select s.performance_id, c.seat,
      case when starts_with(c.holder_id, 'blk_') then 3 when c.expires_at = 'infinity' then 2 else 1 end as state
    from settled s join booking.seat_claims c using (performance_no)
  ) c
  full join (
    select s.performance_id, seat, get_byte(v.seats, seat) & 3 as state
    from settled s join realtime.seat_states v using (performance_id)
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
  join booking.ga_counters c using (tier_no)
  left join realtime.seat_states v using (performance_id)
)
select performance_id, seat::text as what, claimed::text as booked, shown::text as shown from seat
union all
select performance_id, tier_id, counted, shown from counter where counted <> shown
