-- @name performances
select performance_no, performance_id, start_time, currency, status, seat_count
from booking.performances where event_id = :event_id order by start_time, performance_no

-- @name tier_sales
-- Sold and revenue are totals plus the few changes that have not been folded yet; live holds are found by
-- their index. Sold bookings are never read.
with tier as (
  select * from booking.tiers where performance_no = any (:performance_nos)
), counted as (
  select tier_no, sum(sold) as sold, sum(revenue) as revenue
  from (
    select tier_no, sold, revenue from booking.tier_sales where tier_no in (select tier_no from tier)
    union all
    select tier_no, sold, revenue from booking.tier_sales_changes where tier_no in (select tier_no from tier)
  ) part
  group by tier_no
), holding as (
  select l.tier as tier_no, sum(l.quantity) as held
  from booking.bookings b
  cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  where b.performance_no = any (:performance_nos) and b.status = 'held' and b.expires_at > now()
  group by l.tier
)
select t.tier_id, t.name, t.performance_no, t.price, t.quantity as total_places,
  coalesce(k.sold, 0)::int as sold, coalesce(h.held, 0)::int as held, coalesce(k.revenue, 0)::bigint as revenue,
  coalesce(c.blocked, 0) as blocked
from tier t
left join counted k using (tier_no)
left join holding h using (tier_no)
left join booking.quotas c using (tier_no)
order by t.performance_no, t.position, t.tier_no

-- @name blocked_seats
-- A block takes all its seats or none, and is deleted when removed.
select p.performance_no, array_agg(s.seat_id) as seat_ids
from booking.performances p
join booking.blocks k using (performance_id)
cross join lateral unnest(k.seat_ids) as s (seat_id)
where p.performance_no = any (:performance_nos) and k.applied_at is not null
  and (k.release_at is null or k.release_at > now())
group by p.performance_no

-- @name cancellations
select performance_no, bookings, bookings_cancelled, holds_released, refunds_requested, refund_total, requested_at, finished_at
from booking.event_cancellations where performance_no = any (:performance_nos)

-- @name recent
-- The latest confirmed bookings of each performance, by id: ids contain their time.
select b.booking_id, p.performance_id, b.line_seats, b.line_tiers, b.line_quantities, b.line_prices, b.total, p.currency, l.at as confirmed_at, b.performance_no
from booking.performances p
cross join lateral (
  select * from booking.bookings b
  where b.performance_no = p.performance_no and b.status = 'confirmed'
  order by b.booking_id desc limit :limit
) b
join booking.booking_log l on l.booking_id = b.booking_id and l.to_status = 'confirmed'
where p.performance_no = any (:performance_nos)
order by l.log_id desc limit :limit
