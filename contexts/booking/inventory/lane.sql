-- @name hold_batch
select t, ends_at, request, kind, unavailable, known_booking_id
from hold_batch(:hold_seconds, :booking_ids, :owners, :keys, :hashes, :performances, :seats, :tiers, :quantities, :prices,
  :totals, :person_limits, :event_parts)

-- @name hold_places_batch
select t, ends_at, request, kind, unavailable, known_booking_id
from hold_places_batch(:hold_seconds, :booking_ids, :owners, :keys, :hashes, :performances, :tiers, :quantities, :prices,
  :totals, :person_limits, :event_parts)
