-- The intention, with the key it binds. No row: the key was used before.
-- @name insert_payment
insert into payments (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description,
  holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at, idempotency_key, body_hash)
values (:id, :booking_id, :user_id, :organization_id, :event_id, :provider, :amount, :currency, :description,
  :holder_email, :holder_first_name, :holder_last_name, :return_url, :hold_expires_at, :idempotency_key, :body_hash)
on conflict (user_id, idempotency_key) do nothing
returning id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, amount, currency,
  description, status, captured, refunded, refund_pending, fee, settlement, holder_email, holder_first_name,
  holder_last_name, return_url, hold_expires_at, body_hash

-- @name payment_of_key
select id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, amount, currency,
  description, status, captured, refunded, refund_pending, fee, settlement, holder_email, holder_first_name,
  holder_last_name, return_url, hold_expires_at, body_hash
from payments
where user_id = :user_id and idempotency_key = :idempotency_key

-- @name record_intent
update payments
set provider_ref = :provider_ref, client_secret = :client_secret
where id = :id and provider_ref is null

-- The provider would not have it: nothing happened, and the key is free again.
-- @name give_up
update payments
set status = 'cancelled', idempotency_key = null, next_check_at = null, trouble = :why
where id = :id and provider_ref is null and status = 'created'
