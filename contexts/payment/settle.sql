-- Bookings that have their payments; with each the buyer's answer, if one waits for it. Rows: payments to which booking
-- gave another answer before, as they stand; nothing is changed for these.
-- @name record_confirmed
with done as (
  select * from unnest(:ids::text[], :owners::text[], :keys::text[], :answers::json[]) as done (id, owner, key, answer)
  order by id
), settled as (
  update payments
  set settlement = 'confirmed', settled_at = now(),
    next_check_at = case when payments.fee is null then now() + interval '60 seconds' end
  from done
  where payments.id = done.id and payments.settlement = 'pending'
), answered as (
  update confirm_attempts set answer_status = 200, answer = done.answer
  from done join payments on payments.id = done.id and payments.settlement in ('pending', 'confirmed')
  where confirm_attempts.owner = done.owner and confirm_attempts.idempotency_key = done.key
    and confirm_attempts.answer_status is null
)
select done.id, payments.settlement
from done left join payments on payments.id = done.id
where payments.settlement is null or payments.settlement not in ('pending', 'confirmed')

-- @name record_settlement
update payments
set settlement = :settlement, settlement_reason = :reason, settled_at = now(),
  next_check_at = case when fee is null then now() + interval '60 seconds' end
where id = :id and settlement = 'pending'
returning id
