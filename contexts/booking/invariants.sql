-- @name seat_in_two_bookings
-- I1: live bookings that share a seat, whatever the claims table says.
select b.performance_no, l.seat, array_agg(b.booking_id) as booking_ids
from booking.bookings b cross join lateral unnest(b.line_seats) as l (seat)
where l.seat >= 0 and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > now()))
group by b.performance_no, l.seat having count(*) > 1

-- @name sold_without_claim
-- I1, the other way: each seat of a confirmed booking is claimed by it permanently.
select b.booking_id, b.performance_no, l.seat
from booking.bookings b cross join lateral unnest(b.line_seats) as l (seat)
left join booking.seat_claims c on c.performance_no = b.performance_no and c.seat = l.seat and c.holder_id = b.booking_id
where b.status = 'confirmed' and l.seat >= 0 and c.expires_at is distinct from 'infinity'

-- @name claim_without_holder
-- A claim without a live booking or block, or a permanent one whose booking is not confirmed.
select c.performance_no, c.seat, c.holder_id
from booking.seat_claims c
left join booking.bookings b on b.booking_id = c.holder_id
left join booking.blocks k on k.block_id = c.holder_id
where (b.booking_id is null and k.block_id is null)
  or (b.booking_id is not null and c.expires_at = 'infinity' and b.status <> 'confirmed')
  or (b.status in ('released', 'cancelled', 'expired') and c.expires_at > now())

-- @name places_oversold
-- I2: held + sold + blocked never above the total, none below zero.
select tier_no, total, held, sold, blocked from booking.ga_counters
where held + sold + blocked > total or least(held, sold, blocked) < 0

-- @name counters_equal_rows
-- I3: counters equal the rows behind them.
select c.tier_no, c.held, c.sold, c.blocked, h.held as held_rows, s.sold as sold_rows, h.blocked as blocked_rows
from booking.ga_counters c
cross join lateral (
  select coalesce(sum(quantity) filter (where holder_id like 'bk\_%'), 0) as held,
    coalesce(sum(quantity) filter (where holder_id like 'blk\_%'), 0) as blocked
  from booking.ga_holds h where h.tier_no = c.tier_no) h
cross join lateral (
  select coalesce(sum(l.quantity), 0) as sold
  from booking.tiers t
  join booking.bookings b on b.performance_no = t.performance_no
  cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) as l (seat, tier, quantity)
  where t.tier_no = c.tier_no and b.status = 'confirmed' and l.seat < 0 and l.tier = c.tier_no) s
where c.held <> h.held or c.sold <> s.sold or c.blocked <> h.blocked

-- @name hold_not_announced
-- I6: a hold whose end was not announced within 30 seconds.
select booking_id, expires_at from booking.bookings where status = 'held' and expires_at < now() - interval '30 seconds'

-- @name total_equals_lines
-- I12: the total is the sum of the lines, in whole minor units.
select b.booking_id, b.total, sum(l.quantity * l.price) as lines
from booking.bookings b cross join lateral unnest(b.line_quantities, b.line_prices) as l (quantity, price)
group by b.booking_id having b.total <> sum(l.quantity * l.price)

-- @name state_equals_log
-- I18: the booking's state is the last state of its log, and every entry starts at the state of the entry
-- before it.
with step as (
  select booking_id, from_status, to_status, log_id,
    lag(to_status, 1, 'held') over (partition by booking_id order by log_id) as before,
    last_value(to_status) over (partition by booking_id order by log_id rows between unbounded preceding and unbounded following) as final
  from booking.booking_log
)
select b.booking_id, b.status, s.from_status, s.before, s.final
from booking.bookings b left join step s using (booking_id)
where (s.booking_id is null and b.status <> 'held') or s.from_status <> s.before or s.final <> b.status

-- @name cancelled_without_cancellation
-- I31: a booking is cancelled only by a recorded cancellation. Without one nothing would be refunded, and no other invariant
-- would expect it to be.
select b.booking_id from booking.bookings b
where b.status = 'cancelled'
  and not exists (select from booking.cancellations c where c.booking_id = b.booking_id and c.cancelled_at is not null)

-- @name person_over_limit
-- I15: no person has more of a performance than its tiers allow.
select b.owner_id, b.performance_no, sum(l.quantity) as has, min(t.max_per_person) as may_have
from booking.bookings b
cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
join booking.tiers t on t.tier_no = l.tier
where t.max_per_person is not null and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > now()))
group by b.owner_id, b.performance_no, l.tier having sum(l.quantity) > min(t.max_per_person)

-- @name future_timestamp
-- I32: no timestamp is in the future.
select booking_id, held_at from booking.bookings where held_at > now() + interval '5 seconds'

-- @name sales_equal_bookings
-- I3: a tier's sold count is that of its confirmed bookings.
select t.tier_no, coalesce(k.sold, 0) as counted, coalesce(b.sold, 0) as booked
from booking.tiers t
left join (
  select tier_no, sum(sold) as sold from (
    select tier_no, sold from booking.tier_sales union all select tier_no, sold from booking.tier_sales_changes) part
  group by tier_no
) k using (tier_no)
left join (
  select l.tier as tier_no, sum(l.quantity) as sold
  from booking.bookings b cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  where b.status = 'confirmed' group by l.tier
) b using (tier_no)
where coalesce(k.sold, 0) <> coalesce(b.sold, 0)

-- @name revenue_equals_money
-- I10: a performance's revenue is what its confirmed payments brought, less recorded refunds and disputes.
select t.performance_no, coalesce(sum(k.revenue), 0) as counted, coalesce(max(paid.amount), 0) as paid
from booking.tiers t
left join (
  select tier_no, sum(revenue) as revenue from (
    select tier_no, revenue from booking.tier_sales union all select tier_no, revenue from booking.tier_sales_changes) part
  group by tier_no
) k using (tier_no)
left join (
  select b.performance_no, sum(b.total - coalesce(m.back, 0)) as amount
  from booking.bookings b
  left join (
    select booking_id, payment_id, sum(amount) as back from booking.money_movements group by booking_id, payment_id
  ) m on m.booking_id = b.booking_id and m.payment_id = b.payment_id
  where b.status in ('confirmed', 'cancelled')
  group by b.performance_no
) paid using (performance_no)
group by t.performance_no
having coalesce(sum(k.revenue), 0) <> coalesce(max(paid.amount), 0)
