-- @name open_cases
select c.refund_id, r.payment_id, p.booking_id, r.amount, r.currency, r.reason, c.error, c.opened_at
from refund_cases c
join refunds r on r.id = c.refund_id
join payments p on p.id = r.payment_id
where p.event_id = :event_id and c.closed_at is null
order by c.opened_at, c.refund_id
limit :row_count

-- The refund's row first, its payment's after it: the order of all who change both.
-- @name lock_case
select r.amount, c.round
from refunds r
join refund_cases c on c.refund_id = r.id and c.round = r.round
where r.id = :refund_id and r.payment_id = :payment_id and c.closed_at is null
for update of r, c

-- @name close_case
update refund_cases
set closed_at = now(), resolution = :resolution, closed_by = :closed_by, note = :note
where refund_id = :refund_id and round = :round and closed_at is null

-- Only as much as is there now: something may have been refunded or disputed since.
-- @name reserve_again
update payments set refund_pending = refund_pending + :amount
where id = :payment_id and refunded + refund_pending + :amount <= captured - coalesce(
  (select sum(amount) from disputes where disputes.payment_id = payments.id and disputes.status = 'lost'), 0)

-- @name begin_again
update refunds
set status = 'pending', round = round + 1, earlier_refs = array_append(earlier_refs, provider_ref), provider_ref = null,
  error = null, settled_at = null, checks = 0, next_check_at = now() + interval '15 seconds'
where id = :refund_id
