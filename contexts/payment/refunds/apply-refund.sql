-- @name note_ref
update refunds set provider_ref = :provider_ref where id = :id and provider_ref is null

-- A superseded refund that went through all the same had been taken out of the reservation.
-- @name succeed
with before as (
  select id, status from refunds where id = :id for update
)
update refunds
set status = 'succeeded', provider_ref = :provider_ref, settled_at = now(), next_check_at = null, error = null
from before
where refunds.id = before.id and before.status in ('pending', 'superseded')
returning before.status

-- @name give_back
update payments
set refund_pending = refund_pending - :reserved, refunded = refunded + :amount,
  status = case
    when status = 'disputed' then status
    when refunded + :amount = captured then 'refunded'
    else 'partially_refunded' end
where id = :payment_id

-- @name fail
update refunds
set status = 'failed', provider_ref = coalesce(provider_ref, :provider_ref), settled_at = now(), next_check_at = null, error = :error
where id = :id and status = :status
returning id, provider_ref

-- @name open_case
insert into refund_cases (refund_id, round, error) values (:id, :round, :error) on conflict do nothing

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
