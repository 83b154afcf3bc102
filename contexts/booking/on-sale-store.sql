-- @name performance
select performance_no, performance_id, currency, revision, end_time, status, seat_count, chart_id, now() as db_now
from booking.performances where performance_id = :performance_id

-- @name performance_by_no
select performance_id from booking.performances where performance_no = :performance_no

-- @name newest
select revision, status from booking.performances where performance_no = :performance_no

-- @name tiers
select tier_no, tier_id, name, price, categories, quantity, sale_start, sale_end, min_per_order, max_per_order, max_per_person
from booking.tiers where performance_no = :performance_no order by position, tier_no

-- @name chart
select chart from booking.charts where chart_id = :chart_id

-- @name claims
select extract(epoch from expires_at)::float8 * 1000 as until_ms, string_agg(seat::text, ',') as seats
from booking.seat_claims
where performance_no = :performance_no and expires_at > now()
group by expires_at
