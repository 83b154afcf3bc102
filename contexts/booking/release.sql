-- @name lock
select lock_bookings(array[:booking_id::text])

-- @name booking
select status, status = 'held' and expires_at > clock_timestamp() as alive from booking.bookings where booking_id = :booking_id

-- @name end_hold
select performance_no, freed from end_holds(array[:booking_id::text], 'released', :actor)
