-- A booking of a cancelled event whose refund payment cannot promise comes later and later too, and holds up no other.
drop index cancellations_unrefunded;
create index cancellations_unrefunded on cancellations (next_try_at) where refunded_at is null and reason = 'event-cancelled';
