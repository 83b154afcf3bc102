-- @name uses_of_owner
select open_ids, first_ends_at, unused, last_unused_at, paid, free
from hold_uses(
  array(
    select booking_id from booking.bookings
    -- Ids carry their time: the index bounds what is read of an owner who has held very much.
    where owner_id = :owner_id and booking_id > :after and held_at > now() - make_interval(secs => :memory_s)
  ),
  :memory_s
)

-- @name uses_of
select open_ids, first_ends_at, unused, last_unused_at, paid, free from hold_uses(:booking_ids::text[], :memory_s)
