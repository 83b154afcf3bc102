-- What a process may have died over: money that booking has not heard of, charges without an outcome, intents that a page
-- replaced and that may still be paid, refunds that were intended, events that were taken and not finished. A statement
-- each, and in the order of ids, because batches, refunds and webhooks lock the same rows meanwhile: payments in that
-- order, and a refund before its payment.
-- @name wake_payments
update payments set next_check_at = now()
from (
  select id from payments
  where next_check_at is not null
    and (settlement = 'pending' or status = 'processing' or replaced_ref is not null or exists (
      select from confirm_attempts where confirm_attempts.payment_id = payments.id and answer_status is null))
  order by id for update
) unfinished
where payments.id = unfinished.id

-- @name wake_refunds
update refunds set next_check_at = now()
from (
  select id from refunds
  where next_check_at > now() and next_check_at < now() + interval '60 seconds'
  order by id for update
) unfinished
where refunds.id = unfinished.id

-- @name wake_events
update webhook_events set next_at = now()
from (
  select provider, event_id from webhook_events where state = 'received' order by provider, event_id for update
) unfinished
where webhook_events.provider = unfinished.provider and webhook_events.event_id = unfinished.event_id
