-- @name bookings
select b.booking_id, b.performance_no, b.owner_id, b.line_seats, b.line_tiers, b.line_quantities, b.line_prices, b.total,
  b.expires_at, b.held_at, booking_status(b.status, b.expires_at, p.status) as status,
  p.performance_id, p.event_id, p.organization_id, p.title, p.currency, p.start_time, p.status as performance_status, now() as db_now,
  b.status = 'held' and b.expires_at > now() and p.status = 'on_sale' as alive,
  c.reason as cancellation_reason, c.cancelled_at, c.refund_percent, c.refund_amount,
  coalesce(l.version, 0) as link_version,
  -- Long enough for a refund, a receipt or a complaint; older links open nothing.
  p.end_time + interval '30 days' > now() as link_alive
from booking.bookings b
join booking.performances p using (performance_no)
left join booking.cancellations c on c.booking_id = b.booking_id and c.cancelled_at is not null
left join booking.order_links l on l.booking_id = b.booking_id
where b.booking_id = any (:booking_ids::text[])

-- @name mine
select b.booking_id as id, p.performance_id, p.event_id, p.title, p.start_time, p.currency, b.total, b.expires_at as hold_expires_at,
  b.held_at, booking_status(b.status, b.expires_at, p.status) as status,
  (select sum(q) from unnest(b.line_quantities) q)::int as places
from booking.bookings b join booking.performances p using (performance_no)
where b.owner_id = :owner_id and b.booking_id < :before
  and (:status::text is null or :status = booking_status(b.status, b.expires_at, p.status))
order by b.booking_id desc limit :limit
