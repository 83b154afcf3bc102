-- The cancelled bookings of a performance: their money counts in its revenue, and the invariants read it by performance.
create index bookings_cancelled on bookings (performance_no, booking_id) where status = 'cancelled';
