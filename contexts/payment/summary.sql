-- @name details
select p.id as payment_id, p.failure_code, p.settlement_reason, r.id as refund_id, r.amount, r.reason, r.status, r.created_at, r.settled_at,
  r.provider_ref is null and exists (
    select from disputes where disputes.payment_id = p.id and disputes.status = 'open') as in_dispute,
  case when c.refund_id is not null then coalesce(c.resolution, 'open') end as resolution
from payments p
left join refunds r on r.payment_id = p.id
left join refund_cases c on c.refund_id = r.id and c.round = r.round
where p.id = any(:payment_ids::text[])
order by r.created_at, r.id
