-- The intentions, with the keys they bind. No row for one whose key was used before, or whose booking has a payment that
-- may still be paid or has paid for it.
-- @name insert_payments
insert into payments (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description,
  holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at, idempotency_key, body_hash)
select * from unnest(:ids::text[], :booking_ids::text[], :user_ids::text[], :organization_ids::text[],
  :event_ids::text[], :providers::text[], :amounts::bigint[], :currencies::text[], :descriptions::text[],
  :holder_emails::text[], :holder_first_names::text[], :holder_last_names::text[], :return_urls::text[],
  :hold_expires_ats::timestamptz[], :idempotency_keys::text[], :body_hashes::text[])
  as asked (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description, holder_email,
    holder_first_name, holder_last_name, return_url, hold_expires_at, idempotency_key, body_hash)
where not exists (
  select from intent_keys k where k.user_id = asked.user_id and k.idempotency_key = asked.idempotency_key)
order by booking_id
on conflict do nothing
returning id

-- @name payment_of_key
with meant as (
  select id, body_hash from payments where user_id = :user_id and idempotency_key = :idempotency_key
  union all
  select payment_id, body_hash from intent_keys where user_id = :user_id and idempotency_key = :idempotency_key
)
select payment_rows.*, meant.body_hash
from meant join payment_rows on payment_rows.id = meant.id

-- The payment that another request has opened for this booking. The key of this one is bound to it, and what its buyer
-- said last counts, unless the payment is paid already, is being made known to its provider, or has a page that was
-- opened with what was said before. A guest who has signed in since goes on with it.
-- @name join_payment
with existing as (
  select payment_rows.*
  from payments join payment_rows on payment_rows.id = payments.id
  where payments.booking_id = :booking_id and payments.sole
    and (is_unpaid(payments.status) or payments.settlement in ('pending', 'confirmed'))
), bound as (
  insert into intent_keys (user_id, idempotency_key, body_hash, payment_id)
  select :user_id, :idempotency_key, :body_hash, existing.id from existing
  where existing.captured = 0 and existing.provider = :provider
  on conflict do nothing
), told as (
  update payments
  set user_id = :user_id,
    -- As in take_over: a key that the new owner has used itself stays the older payment's.
    idempotency_key = case
      when payments.user_id <> :user_id and exists (
          select from payments k where k.user_id = :user_id and k.idempotency_key = payments.idempotency_key
          union all
          select from intent_keys k where k.user_id = :user_id and k.idempotency_key = payments.idempotency_key)
        then payments.idempotency_key || chr(10) || payments.id
      else payments.idempotency_key
    end,
    holder_email = case when is_open then :holder_email else payments.holder_email end,
    holder_first_name = case when is_open then :holder_first_name else payments.holder_first_name end,
    holder_last_name = case when is_open then :holder_last_name else payments.holder_last_name end,
    return_url = case when is_open then coalesce(:return_url, payments.return_url) else payments.return_url end
  from (select id, provider_ref is not null and checkout_ref is null as is_open from existing
    where captured = 0 and provider = :provider) as joined
  where payments.id = joined.id and payments.captured = 0
)
select * from existing

-- Rows: the intents that are their payments' from now on.
-- @name record_intents
update payments
set provider_ref = made.provider_ref, client_secret = made.client_secret
from (
  select * from unnest(:ids::text[], :provider_refs::text[], :client_secrets::text[]) as made (id, provider_ref, client_secret)
  order by id
) made
where payments.id = made.id and payments.provider_ref is null
  and is_unpaid(payments.status)
  -- A page has taken the place of an intent: one that becomes known so late must not come back beside it.
  and payments.checkout_ref is null
returning payments.id, payments.provider_ref

-- The provider would not have it: nothing happened, and the key is free again.
-- @name give_up
update payments
set status = 'cancelled', idempotency_key = null, next_check_at = null, trouble = :why
where id = :id and provider_ref is null and checkout_ref is null and status = 'created'
