-- Who owns a booking that changed hands; null while it is who bought it. Issuing and adopting meet on the row's lock.
alter table bookings add column user_id text;
