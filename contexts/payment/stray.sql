-- A payment of its own for an intent that was paid although no payment names it. It is not the booking's payment (`sole`),
-- so it stands beside that one. No row when somebody has booked this intent already.
-- @name insert_stray
insert into payments (id, booking_id, user_id, organization_id, event_id, provider, provider_ref, amount, currency,
  description, hold_expires_at, sole)
select :id, booking_id, user_id, organization_id, event_id, provider, :provider_ref, :amount, :currency,
  description, hold_expires_at, false
from payments where id = :payment_id
on conflict (provider_ref, provider) where provider_ref is not null do nothing
returning id
