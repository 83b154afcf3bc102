-- @name payment_by_id
select id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, checkout_ref, replaced_ref, amount, currency,
  description, status, captured, refunded, refund_pending, fee, settlement, holder_email, holder_first_name,
  holder_last_name, return_url, hold_expires_at, body_hash
from payments
where id = :id
