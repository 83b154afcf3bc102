-- Sales, recent bookings and the bookings of a cancelled performance are found by it. Partial, so that a hold writes no
-- entry here: it is made when the booking is confirmed.
create index bookings_confirmed on bookings (performance_no, booking_id) where status = 'confirmed';
