-- @name hold_batch
select db_now, ends_at, request, kind, unavailable
from hold_batch(:hold_seconds, :booking_ids, :owners, :keys, :hashes, :performances, :revisions, :seats, :tiers, :quantities, :prices,
  :totals, :person_limits, :event_parts, :tier_nos)
