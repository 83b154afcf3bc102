-- @name open_dispute
insert into disputes (provider_ref, payment_id, amount, fee, currency, status)
values (:provider_ref, :payment_id, :amount, :fee, :currency, 'open')
on conflict (provider_ref) do nothing
returning provider_ref

-- In the order in which the answers to refunds lock: refunds first, their payment after.
-- @name lock_pending_refunds
select id from refunds where payment_id = :payment_id and status = 'pending' order by id for update

-- A won dispute sends what waited for it.
-- @name send_waiting
update refunds set next_check_at = now() where payment_id = :payment_id and status = 'pending' and provider_ref is null

-- A lost one has given the money back: refunds that were never sent and for which nothing is left are not ours to pay.
-- @name supersede
with left_over as (
  select p.captured - p.refunded - coalesce(sum(d.amount) filter (where d.status = 'lost'), 0) as amount
  from payments p left join disputes d on d.payment_id = p.id
  where p.id = :payment_id
  group by p.id
), waiting as (
  select id, sum(amount) over (order by created_at, id) as up_to
  from refunds where payment_id = :payment_id and status = 'pending' and provider_ref is null
), superseded as (
  update refunds
  set status = 'superseded', settled_at = now(), next_check_at = null, error = 'The dispute was lost'
  from waiting, left_over
  where refunds.id = waiting.id and waiting.up_to > left_over.amount
  returning refunds.amount
)
update payments
set refund_pending = refund_pending - (select coalesce(sum(amount), 0) from superseded)
where id = :payment_id

-- @name close_dispute
update disputes set status = :status, closed_at = now() where provider_ref = :provider_ref and status = 'open' returning provider_ref

-- @name mark_disputed
update payments set status = 'disputed' where id = :payment_id and status in ('succeeded', 'partially_refunded', 'refunded')

-- @name undispute
update payments
set status = case when refunded = 0 then 'succeeded' when refunded = captured then 'refunded' else 'partially_refunded' end
where id = :payment_id and status = 'disputed'
  and not exists (select from disputes where disputes.payment_id = payments.id and disputes.status <> 'won')
