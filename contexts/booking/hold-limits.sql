-- @name holds_of_owner
-- The outcomes of the holds that an owner won in the last :memory_s seconds, oldest first.
select booking_id, expires_at, hold_outcome(b) as outcome
from booking.bookings b
where owner_id = :owner_id and held_at > now() - make_interval(secs => :memory_s)
order by held_at, booking_id

-- @name outcomes_of
-- The outcomes of these bookings.
select booking_id, expires_at, hold_outcome(b) as outcome
from booking.bookings b
where booking_id = any (:booking_ids::text[])
order by held_at, booking_id
