-- An owner's bookings, newest first: a box office has made very many.
create index bookings_of_owner on bookings (owner_id, booking_id);
