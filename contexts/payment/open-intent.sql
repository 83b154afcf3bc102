-- The intentions, with the keys they bind. No row for one whose key was used before.
-- @name insert_payments
insert into payments (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description,
  holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at, idempotency_key, body_hash)
select * from unnest(:ids::text[], :booking_ids::text[], :user_ids::text[], :organization_ids::text[],
  :event_ids::text[], :providers::text[], :amounts::bigint[], :currencies::text[], :descriptions::text[],
  :holder_emails::text[], :holder_first_names::text[], :holder_last_names::text[], :return_urls::text[],
  :hold_expires_ats::timestamptz[], :idempotency_keys::text[], :body_hashes::text[])
on conflict (user_id, idempotency_key) do nothing
returning id

-- @name payment_of_key
select id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, checkout_ref, replaced_ref, amount, currency,
  description, status, captured, refunded, refund_pending, fee, settlement, holder_email, holder_first_name,
  holder_last_name, return_url, hold_expires_at, body_hash
from payments
where user_id = :user_id and idempotency_key = :idempotency_key

-- @name record_intents
update payments
set provider_ref = made.provider_ref, client_secret = made.client_secret
from unnest(:ids::text[], :provider_refs::text[], :client_secrets::text[]) as made (id, provider_ref, client_secret)
where payments.id = made.id and payments.provider_ref is null

-- The provider would not have it: nothing happened, and the key is free again.
-- @name give_up
update payments
set status = 'cancelled', idempotency_key = null, next_check_at = null, trouble = :why
where id = :id and provider_ref is null and status = 'created'
