-- @name remember_owner
-- Tickets that are being issued at this moment finish first, later ones are the new owner's. Apart from the update below,
-- so that the update sees what this has waited for.
insert into bookings (booking_id, user_id) select unnest(:booking_ids::text[]), :user_id
on conflict (booking_id) do update set user_id = excluded.user_id

-- @name move_tickets
update tickets set user_id = :user_id where booking_id = any (:booking_ids::text[])
