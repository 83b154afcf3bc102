-- The intention to charge, in one step with the look at the payment and at what this key did before. Always one row;
-- an attempt is opened only for a payment that can still be paid.
-- @name open_attempt
with opened as (
  insert into confirm_attempts (payment_id, owner, idempotency_key, body_hash, payment_method)
  select id, :user_id, :idempotency_key, :body_hash, :payment_method
  from payments
  where id = :payment_id and user_id = :user_id and provider_ref is not null
    and status in ('created', 'processing', 'requires_action', 'failed')
  on conflict (owner, idempotency_key) do nothing
  returning attempt
)
select
  opened.attempt as opened_attempt,
  known.attempt as known_attempt, known.body_hash as known_body_hash, known.answer_status, known.answer,
  payments.id, payments.booking_id, payments.user_id, payments.organization_id, payments.event_id, payments.provider,
  payments.provider_ref, payments.client_secret, payments.amount, payments.currency, payments.description,
  payments.status, payments.captured, payments.refunded, payments.refund_pending, payments.fee, payments.settlement,
  payments.holder_email, payments.holder_first_name, payments.holder_last_name, payments.return_url,
  payments.hold_expires_at, payments.body_hash
from (select) as once
left join payments on payments.id = :payment_id and payments.user_id = :user_id
left join opened on true
left join confirm_attempts known on known.owner = :user_id and known.idempotency_key = :idempotency_key

-- Nothing came of it: the key is free again.
-- @name drop_attempt
delete from confirm_attempts where owner = :user_id and idempotency_key = :idempotency_key and answer_status is null

-- @name store_answer
update confirm_attempts
set answer_status = :answer_status, answer = :answer
where owner = :user_id and idempotency_key = :idempotency_key and answer_status is null

-- The provider was asked and gave no clear answer.
-- @name mark_unknown
update payments
set status = 'processing', next_check_at = now() + interval '15 seconds', checks = 0
where id = :id and status in ('created', 'requires_action', 'failed')
