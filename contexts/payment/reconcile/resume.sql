-- What a process may have died over: money that booking has not heard of, charges without an outcome, refunds that were
-- intended, events that were taken and not finished.
-- @name wake
with payment as (
  update payments set next_check_at = now()
  where next_check_at is not null
    and (settlement = 'pending' or status = 'processing' or exists (
      select from confirm_attempts where confirm_attempts.payment_id = payments.id and answer_status is null))
  returning 1
), refund as (
  update refunds set next_check_at = now()
  where next_check_at > now() and next_check_at < now() + interval '60 seconds'
  returning 1
), event as (
  update webhook_events set next_at = now() where state = 'received' returning 1
)
select (select count(*) from payment) + (select count(*) from refund) + (select count(*) from event) as woken
