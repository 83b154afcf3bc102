-- @name performances
select performance_no, performance_id, organization_id, chart_id, start_time, currency, status, seat_count
from booking.performances where event_id = :event_id order by start_time, performance_no

-- @name tier_sales
with line as (
  select l.tier as tier_no,
    sum(l.quantity) filter (where b.status = 'confirmed') as sold,
    sum(l.quantity) filter (where b.status = 'held' and b.expires_at > now()) as held,
    sum(l.quantity * l.price) filter (where b.status = 'confirmed') as revenue
  from booking.bookings b
  cross join lateral unnest(b.line_tiers, b.line_quantities, b.line_prices) as l (tier, quantity, price)
  where b.performance_no = any (:performance_nos)
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
select b.booking_id, p.performance_id, b.line_seats, b.line_tiers, b.line_quantities, b.line_prices, b.total, p.currency, l.at as confirmed_at, b.performance_no
from booking.booking_log l
join booking.bookings b using (booking_id)
join booking.performances p using (performance_no)
where l.to_status = 'confirmed' and b.performance_no = any (:performance_nos)
order by l.log_id desc limit :limit
