-- The intentions, then the keys they bind: `intent_keys` alone decides whose a key is. A row for each that has both. None
-- for one whose key was used before, or whose booking has a payment that may still be paid or has paid for it. Of two that
-- use one key for two bookings at the same moment, one gets it; the payment of the other waits for another key.
-- @name insert_payments
with asked as (
  select * from unnest(:ids::text[], :booking_ids::text[], :user_ids::text[], :organization_ids::text[],
    :event_ids::text[], :providers::text[], :amounts::bigint[], :currencies::text[], :descriptions::text[],
    :holder_emails::text[], :holder_first_names::text[], :holder_last_names::text[], :return_urls::text[],
    :hold_expires_ats::timestamptz[], :idempotency_keys::text[], :body_hashes::text[])
    as asked (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description, holder_email,
      holder_first_name, holder_last_name, return_url, hold_expires_at, idempotency_key, body_hash)
), opened as (
  insert into payments (id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description,
    holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at)
  select id, booking_id, user_id, organization_id, event_id, provider, amount, currency, description,
    holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at
  from asked
  where not exists (
    select from intent_keys k where k.user_id = asked.user_id and k.idempotency_key = asked.idempotency_key)
  order by booking_id
  on conflict do nothing
  returning id
)
insert into intent_keys (user_id, idempotency_key, body_hash, payment_id)
select asked.user_id, asked.idempotency_key, asked.body_hash, asked.id
from opened join asked on asked.id = opened.id
order by asked.user_id, asked.idempotency_key
on conflict do nothing
returning payment_id as id

-- The payment may be another owner's by now: a guest's that has become an account's.
-- @name payment_of_key
select payment_rows.*, intent_keys.body_hash
from intent_keys join payment_rows on payment_rows.id = intent_keys.payment_id
where intent_keys.user_id = :user_id and intent_keys.idempotency_key = :idempotency_key

-- The payment that another request has opened for this booking. The key of this one is bound to it, and what its buyer
-- said last counts, unless the payment is paid already, is being made known to its provider, or has a page that was
-- opened with what was said before. A guest who has signed in since goes on with it. `bound`: the key is this payment's
-- from now on; not when somebody has bound it meanwhile, or the payment was given up.
-- @name join_payment
with existing as (
  select payment_rows.*
  from payments join payment_rows on payment_rows.id = payments.id
  where payments.booking_id = :booking_id and payments.sole
    and (is_unpaid(payments.status) or payments.settlement in ('pending', 'confirmed'))
), told as (
  update payments
  set user_id = :user_id,
    holder_email = case when is_open and captured = 0 then :holder_email else holder_email end,
    holder_first_name = case when is_open and captured = 0 then :holder_first_name else holder_first_name end,
    holder_last_name = case when is_open and captured = 0 then :holder_last_name else holder_last_name end,
    return_url = case when is_open and captured = 0 then coalesce(:return_url, return_url) else return_url end
  from (select id as joined_id, provider_ref is not null and checkout_ref is null as is_open from existing
    where captured = 0 and provider = :provider) as joined
  where id = joined_id and status <> 'cancelled'
  returning id
), bound as (
  insert into intent_keys (user_id, idempotency_key, body_hash, payment_id)
  select :user_id, :idempotency_key, :body_hash, told.id from told
  on conflict do nothing
  returning payment_id
)
select existing.*, exists (select from bound) as bound from existing

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

-- The provider would not have it: nothing happened.
-- @name give_up
update payments
set status = 'cancelled', next_check_at = null, trouble = :why
where id = :id and provider_ref is null and checkout_ref is null and status = 'created'
returning id

-- After the payment was given up, in a statement of its own: it sees every key that was bound before.
-- @name free_keys
delete from intent_keys where payment_id = :payment_id
