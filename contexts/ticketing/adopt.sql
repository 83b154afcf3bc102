-- @name remember_owner
-- Tickets that are being issued concurrently are finished first; later ones belong to the new owner. A
-- statement of its own, so that the update below sees the transactions that this one waited for.
insert into bookings (booking_id, user_id) select unnest(:booking_ids::text[]), :user_id
on conflict (booking_id) do update set user_id = excluded.user_id

-- @name move_tickets
update tickets set user_id = :user_id where booking_id = any (:booking_ids::text[])
