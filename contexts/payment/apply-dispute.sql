-- @name open_dispute
insert into disputes (provider_ref, payment_id, amount, fee, currency, status)
values (:provider_ref, :payment_id, :amount, :fee, :currency, 'open')
on conflict (provider_ref) do nothing
returning provider_ref

-- @name close_dispute
update disputes set status = :status, closed_at = now() where provider_ref = :provider_ref and status = 'open' returning provider_ref

-- @name mark_disputed
update payments set status = 'disputed' where id = :payment_id and status in ('succeeded', 'partially_refunded', 'refunded')

-- @name undispute
update payments
set status = case when refunded = 0 then 'succeeded' when refunded = captured then 'refunded' else 'partially_refunded' end
where id = :payment_id and status = 'disputed'
  and not exists (select from disputes where disputes.payment_id = payments.id and disputes.status <> 'won')
