-- The payment's row serialises all who want its money back.
-- @name lock_payment
select id, captured - refunded - refund_pending as left_over from payments where id = :payment_id for update

-- @name refund_of_cause
select id, payment_id, amount, currency, reason, status, body_hash from refunds where payment_id = :payment_id and cause = :cause

-- @name reserve
with reserved as (
  update payments set refund_pending = refund_pending + :amount
  where id = :payment_id and status in ('succeeded', 'partially_refunded')
    and refunded + refund_pending + :amount <= captured
  returning id, currency
)
insert into refunds (id, payment_id, amount, currency, reason, note, cause, body_hash)
select :id, reserved.id, :amount, reserved.currency, :reason, :note, :cause, :body_hash
from reserved
returning id, payment_id, amount, currency, reason, status, body_hash
