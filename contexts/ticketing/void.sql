-- @name mark_cancelled
-- Tickets that are being issued concurrently are finished first; later ones are issued void. A statement of
-- its own, so that the update below sees the transactions that this one waited for.
insert into bookings (booking_id, cancelled_at) values (:booking_id, clock_timestamp())
on conflict (booking_id) do update set cancelled_at = coalesce(bookings.cancelled_at, excluded.cancelled_at)

-- @name void_active
update tickets set status = 'void', voided_at = clock_timestamp()
where booking_id = :booking_id and status = 'active'
returning ticket_id
