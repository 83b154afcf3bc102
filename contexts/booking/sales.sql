-- @name performances
select performance_no, performance_id, organization_id, chart_id, start_time, currency, status, seat_count
from booking.performances where event_id = :event_id order by start_time, performance_no

-- @name tier_sales
-- Two arms, each along its own index: bookings of other performances, and those that ended, are never looked at.
with living as (
  select status, line_tiers, line_quantities, line_prices from booking.bookings
  where performance_no = any (:performance_nos) and status = 'confirmed'
  union all
  select status, line_tiers, line_quantities, line_prices from booking.bookings
  where performance_no = any (:performance_nos) and status = 'held' and expires_at > now()
), line as (
  select l.tier as tier_no,
    sum(l.quantity) filter (where b.status = 'confirmed') as sold,
    sum(l.quantity) filter (where b.status = 'held') as held,
    sum(l.quantity * l.price) filter (where b.status = 'confirmed') as revenue
  from living b
  cross join lateral unnest(b.line_tiers, b.line_quantities, b.line_prices) as l (tier, quantity, price)
  group by l.tier
)
select t.tier_id, t.name, t.performance_no, t.price, t.categories, t.quantity as total_places,
  coalesce(l.sold, 0)::int as sold, coalesce(l.held, 0)::int as held, coalesce(l.revenue, 0)::bigint as revenue,
  coalesce(c.blocked, 0) as blocked
from booking.tiers t
left join line l using (tier_no)
left join booking.place_counts c using (tier_no)
where t.performance_no = any (:performance_nos)
order by t.performance_no, t.position, t.tier_no

-- @name blocked_seats
select c.performance_no, array_agg(c.seat) as seats
from booking.seat_claims c
where c.performance_no = any (:performance_nos) and c.holder_id like 'blk\_%' and c.expires_at > now()
group by c.performance_no

-- @name recent
-- The last that were held and have been confirmed, of each performance: ids carry their time.
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
