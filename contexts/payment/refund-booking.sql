-- The payments that brought money for these bookings, and what is left of each.
-- @name refundable
select p.id as payment_id, p.booking_id, p.currency,
  p.captured - p.refunded - p.refund_pending - coalesce(d.lost, 0)::bigint as left_over, coalesce(d.in_dispute, false) as in_dispute
from payments p
left join lateral (
  select sum(disputes.amount) filter (where disputes.status = 'lost') as lost, bool_or(disputes.status = 'open') as in_dispute
  from disputes where disputes.payment_id = p.id
) d on true
where p.booking_id = any(:booking_ids::text[]) and p.captured > 0
order by p.created_at, p.id

-- The payments' rows serialise all who want their money back; in id order, so that two batches cannot deadlock.
-- @name lock_payments
select id from payments where booking_id = any(:booking_ids::text[]) and captured > 0 order by id for update

-- @name unsettled
select id, booking_id from payments where booking_id = any(:booking_ids::text[]) and settlement = 'pending'

-- What these cancellations have asked for before.
-- @name refunds_of_causes
select refunds.id, refunds.cause, refunds.amount, refunds.currency,
  refunds.status = 'pending' and exists (
    select from disputes where disputes.payment_id = refunds.payment_id and disputes.status = 'open') as in_dispute
from refunds join payments on payments.id = refunds.payment_id
where payments.booking_id = any(:booking_ids::text[]) and refunds.cause = any(:causes::text[])

-- @name reserve_all
with planned as (
  select * from unnest(:ids::text[], :payment_ids::text[], :amounts::bigint[], :currencies::text[], :reasons::text[],
    :causes::text[]) as planned (id, payment_id, amount, currency, reason, cause)
), reserved as (
  update payments set refund_pending = refund_pending + planned.amount
  from planned
  where payments.id = planned.payment_id
  returning payments.id
)
insert into refunds (id, payment_id, amount, currency, reason, cause, next_check_at)
select planned.id, planned.payment_id, planned.amount, planned.currency, planned.reason, planned.cause,
  now() + make_interval(secs => :send_after_s)
from planned join reserved on reserved.id = planned.payment_id
