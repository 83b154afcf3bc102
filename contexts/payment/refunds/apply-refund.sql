-- @name refund_by_id
select refunds.id, refunds.payment_id, refunds.amount, refunds.reason, refunds.status, refunds.provider_ref, refunds.round,
  payments.booking_id, payments.organization_id, payments.provider, payments.currency, payments.provider_ref as intent_ref
from refunds join payments on payments.id = refunds.payment_id
where refunds.id = :id

-- @name refund_by_ref
select refunds.id, refunds.payment_id, refunds.amount, refunds.reason, refunds.status, refunds.provider_ref, refunds.round,
  payments.booking_id, payments.organization_id, payments.provider, payments.currency, payments.provider_ref as intent_ref
from refunds join payments on payments.id = refunds.payment_id
where refunds.provider_ref = :provider_ref

-- @name note_ref
update refunds set provider_ref = :provider_ref where id = :id and provider_ref is null

-- @name succeed
update refunds
set status = 'succeeded', provider_ref = :provider_ref, settled_at = now(), next_check_at = null, error = null
where id = :id and status = 'pending'
returning id

-- @name give_back
update payments
set refund_pending = refund_pending - :amount, refunded = refunded + :amount,
  status = case
    when status = 'disputed' then status
    when refunded + :amount = captured then 'refunded'
    else 'partially_refunded' end
where id = :payment_id

-- @name fail
update refunds
set status = 'failed', provider_ref = coalesce(provider_ref, :provider_ref), settled_at = now(), next_check_at = null, error = :error
where id = :id and status = :status
returning id

-- @name release
update payments set refund_pending = refund_pending - :amount where id = :payment_id

-- @name take_back
update payments
set refunded = refunded - :amount,
  status = case
    when status = 'disputed' then status
    when refunded - :amount = 0 then 'succeeded'
    else 'partially_refunded' end
where id = :payment_id
