-- Each statement reads the keys from :from to :to and nothing else, so that its cost does not grow with the tables; the
-- blocks of keys say what there is to go through (platform/invariants). Sums are compared by adding both sides with
-- opposite signs: nothing is lost when one side has no row.

-- @name booking_keys
select booking_id as key from booking.bookings

-- @name owner_keys
select owner_id as key from booking.bookings

-- @name performance_keys
select performance_no as key from booking.tiers
union all
(select performance_no from booking.bookings where status = 'confirmed' order by performance_no)
union all
(select performance_no from booking.bookings where status = 'cancelled' order by performance_no)

-- @name claim_keys
select performance_no as key from booking.seat_claims

-- @name quota_keys
select quota_no as key from booking.quotas
union all
select quota_no from booking.quota_tiers

-- @name seat_sold_twice
-- I1: confirmed bookings that share a seat, whatever the claims table says.
select b.performance_no, l.seat, array_agg(b.booking_id order by b.booking_id) as booking_ids
from booking.bookings b cross join lateral unnest(b.line_seats) as l (seat)
where b.performance_no between :from and :to and b.status = 'confirmed' and l.seat >= 0
group by b.performance_no, l.seat having count(*) > 1

-- @name hold_without_claim
-- I1 for holds: each seat of a live hold is claimed by it. A seat has one claim, so of two live bookings that share a seat
-- one is found here or by the next block. (`offset 0`: the slice is read before the filter, which has an index of its own.)
select b.booking_id, b.performance_no, l.seat, c.holder_id
from (select * from booking.bookings where booking_id between :from and :to offset 0) b
cross join lateral unnest(b.line_seats) as l (seat)
left join booking.seat_claims c on c.performance_no = b.performance_no and c.seat = l.seat
where b.status = 'held' and b.expires_at > now() and l.seat >= 0
  and c.holder_id is distinct from b.booking_id

-- @name hold_without_draws
-- I3 for holds: a live hold has drawn on every quota of its tiers what its lines say.
select b.booking_id, d.quota_no, d.quantity, h.quantity as drawn
from (select * from booking.bookings where booking_id between :from and :to offset 0) b
cross join lateral (
  select q.quota_no, sum(l.quantity) as quantity
  from unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  join booking.quota_tiers q on q.tier_no = l.tier
  group by q.quota_no
) d
left join booking.quota_holds h on h.holder_id = b.booking_id and h.quota_no = d.quota_no
where b.status = 'held' and b.expires_at > now() and h.quantity is distinct from d.quantity

-- @name sold_without_claim
-- I1, the other way: each seat of a confirmed booking is claimed by it permanently.
select b.booking_id, b.performance_no, l.seat
from booking.bookings b cross join lateral unnest(b.line_seats) as l (seat)
left join booking.seat_claims c on c.performance_no = b.performance_no and c.seat = l.seat and c.holder_id = b.booking_id
where b.booking_id between :from and :to and b.status = 'confirmed' and l.seat >= 0
  and c.expires_at is distinct from 'infinity'

-- @name claim_without_holder
-- A claim without a live booking or block, or a permanent one whose booking is not confirmed.
select c.performance_no, c.seat, c.holder_id
from booking.seat_claims c
left join booking.bookings b on b.booking_id = c.holder_id
left join booking.blocks k on k.block_id = c.holder_id
where c.performance_no between :from and :to
  and ((b.booking_id is null and k.block_id is null)
    or (b.booking_id is not null and c.expires_at = 'infinity' and b.status <> 'confirmed')
    or (b.status in ('released', 'cancelled', 'expired') and c.expires_at > now()))

-- @name places_oversold
-- I2: held + sold + blocked never above the total, none below zero. A quota on which no tier draws is a violation too, and
-- so are tiers that draw on a quota which is missing.
select quota_no, q.total, q.held, q.sold, q.blocked
from (select * from booking.quotas where quota_no between :from and :to) q
full join (select distinct quota_no from booking.quota_tiers where quota_no between :from and :to) t using (quota_no)
where q.held + q.sold + q.blocked > q.total or least(q.held, q.sold, q.blocked) < 0
  or q.total is null or t.quota_no is null

-- @name tier_without_quota
-- I2: a tier with a quantity draws on a quota; otherwise it would sell without bound.
select t.performance_no, t.tier_no, t.quantity
from booking.tiers t
where t.performance_no between :from and :to and t.quantity is not null
  and not exists (select from booking.quota_tiers q where q.tier_no = t.tier_no)

-- @name quotas_equal_rows
-- I3: quotas equal the rows behind them; what is shown is by how much they do not.
select performance_no, quota_no, sum(held) as held, sum(sold) as sold, sum(blocked) as blocked
from (
  select q.performance_no, q.quota_no, q.held, q.sold, q.blocked
  from booking.quotas q
  where q.performance_no between :from and :to
  union all
  select q.performance_no, h.quota_no, case when starts_with(h.holder_id, 'bk_') then -h.quantity else 0 end, 0,
    case when starts_with(h.holder_id, 'blk_') then -h.quantity else 0 end
  from booking.quotas q join booking.quota_holds h using (quota_no)
  where q.performance_no between :from and :to
  union all
  select b.performance_no, q.quota_no, 0, -l.quantity, 0
  from booking.bookings b
  cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  join booking.quota_tiers q on q.tier_no = l.tier
  where b.performance_no between :from and :to and b.status = 'confirmed'
) part
group by performance_no, quota_no having sum(held) <> 0 or sum(sold) <> 0 or sum(blocked) <> 0

-- @name hold_not_announced
-- I6: a hold whose end was not announced within 30 seconds.
select booking_id, expires_at from booking.bookings where status = 'held' and expires_at < now() - interval '30 seconds'

-- @name total_equals_lines
-- I12: the total is the sum of the lines, in whole minor units.
select b.booking_id, b.total, l.total as lines
from booking.bookings b
cross join lateral (
  select sum(quantity * price) as total from unnest(b.line_quantities, b.line_prices) as line (quantity, price)
) l
where b.booking_id between :from and :to and b.total is distinct from l.total

-- @name state_equals_log
-- I18: the booking's state is the last state of its log, and every entry starts at the state of the entry
-- before it.
select b.booking_id, b.status, s.from_status, s.before, s.final
from booking.bookings b
left join lateral (
  select l.from_status, lag(l.to_status, 1, 'held') over (order by l.log_id) as before,
    last_value(l.to_status) over (order by l.log_id rows between unbounded preceding and unbounded following) as final
  from booking.booking_log l where l.booking_id = b.booking_id
) s on true
where b.booking_id between :from and :to
  and ((s.final is null and b.status <> 'held') or s.from_status <> s.before or s.final <> b.status)

-- @name cancelled_without_cancellation
-- I31: a booking is cancelled only by a recorded cancellation. Without one nothing would be refunded, and no other invariant
-- would expect it to be.
select b.booking_id from booking.bookings b
where b.booking_id between :from and :to and b.status = 'cancelled'
  and not exists (select from booking.cancellations c where c.booking_id = b.booking_id and c.cancelled_at is not null)

-- @name person_over_limit
-- I15: no person has more of a performance than its tiers allow.
select b.owner_id, b.performance_no, sum(l.quantity) as has, min(t.max_per_person) as may_have
from booking.bookings b
cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
join booking.tiers t on t.tier_no = l.tier
where b.owner_id between :from and :to and t.max_per_person is not null
  and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > now()))
group by b.owner_id, b.performance_no, l.tier having sum(l.quantity) > min(t.max_per_person)

-- @name future_timestamp
-- I32: no timestamp is in the future.
select booking_id, held_at from booking.bookings
where booking_id between :from and :to and held_at > now() + interval '5 seconds'

-- @name sales_equal_bookings
-- I3: a tier's sold count is that of its confirmed bookings; what is shown is by how much it is not.
select performance_no, tier_no, sum(sold) as sold
from (
  select t.performance_no, t.tier_no, s.sold from booking.tiers t join booking.tier_sales s using (tier_no)
  where t.performance_no between :from and :to
  union all
  select t.performance_no, t.tier_no, s.sold from booking.tier_sales_changes s join booking.tiers t using (tier_no)
  where t.performance_no between :from and :to
  union all
  select b.performance_no, l.tier, -l.quantity
  from booking.bookings b cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  where b.performance_no between :from and :to and b.status = 'confirmed'
) part
group by performance_no, tier_no having sum(sold) <> 0

-- @name revenue_equals_money
-- I10: a performance's revenue is what its confirmed payments brought, less recorded refunds and disputes; what is shown is
-- by how much it is not. Each branch of bookings has an index by performance.
select performance_no, sum(amount) as revenue
from (
  select t.performance_no, s.revenue as amount from booking.tiers t join booking.tier_sales s using (tier_no)
  where t.performance_no between :from and :to
  union all
  select t.performance_no, s.revenue from booking.tier_sales_changes s join booking.tiers t using (tier_no)
  where t.performance_no between :from and :to
  union all
  select b.performance_no, coalesce(m.back, 0) - b.total
  from (
    select performance_no, booking_id, payment_id, total from booking.bookings
    where performance_no between :from and :to and status = 'confirmed'
    union all
    select performance_no, booking_id, payment_id, total from booking.bookings
    where performance_no between :from and :to and status = 'cancelled'
  ) b
  left join lateral (
    select sum(amount) as back from booking.money_movements
    where booking_id = b.booking_id and payment_id = b.payment_id
  ) m on true
) part
group by performance_no having sum(amount) <> 0
