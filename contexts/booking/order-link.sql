-- @name revoke
insert into booking.order_links as link (booking_id, version) values (:booking_id, 1)
on conflict (booking_id) do update set version = link.version + 1, revoked_at = now()
