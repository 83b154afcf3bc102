-- The payment's row serialises all who want its money back.
-- @name lock_payment
select id, captured - refunded - refund_pending - coalesce(
    (select sum(amount) from disputes where disputes.payment_id = payments.id and disputes.status = 'lost'), 0)::bigint as left_over
from payments where id = :payment_id for update

-- @name refund_of_cause
select id, payment_id, amount, currency, reason, status, body_hash from refunds where payment_id = :payment_id and cause = :cause

-- @name reserve
with reserved as (
  update payments set refund_pending = refund_pending + :amount
    -- What is owed is reserved while the bank decides on a dispute, and paid if the dispute is won.
  where id = :payment_id and (status in ('succeeded', 'partially_refunded') or (status = 'disputed' and :reason <> 'requested'))
    and refunded + refund_pending + :amount <= captured
  returning id, currency
)
insert into refunds (id, payment_id, amount, currency, reason, note, cause, body_hash)
select :id, reserved.id, :amount, reserved.currency, :reason, :note, :cause, :body_hash
from reserved
returning id, payment_id, amount, currency, reason, status, body_hash
