-- @name by_key
select b.owner_id, b.idempotency_key as key, b.booking_id, b.performance_no, b.body_hash, b.line_seats, b.line_tiers,
  b.line_quantities, b.line_prices, b.expires_at
from unnest(:owners::text[], :keys::text[]) as k (owner_id, key)
join booking.bookings b on b.owner_id = k.owner_id and b.idempotency_key = k.key

-- @name recent_keys
select booking_id, owner_id, idempotency_key as key from booking.bookings
where booking_id < :before and booking_id > :after
order by booking_id desc limit :limit
