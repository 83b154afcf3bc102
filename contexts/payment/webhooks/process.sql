-- Taken for a while, longer with every try: who dies over it leaves it to the next. What nobody knows after three days
-- (as long as providers repeat themselves) stays parked and is not looked at again. Events of payments that requests to
-- this process bring to an end now (`concluding`) are left as they are, because those requests do what they would.
-- @name claim_events
update webhook_events
set tries = tries + 1,
  next_at = case when state = 'parked' and received_at < now() - interval '72 hours' then 'infinity'
    else coalesce(:as_of::timestamptz, now()) + make_interval(secs => least(3600, 15 * power(2, least(tries, 8)))) end
from (
  select provider, event_id from webhook_events
  where state <> 'done' and next_at <= coalesce(:as_of::timestamptz, now())
    and (payment_hint is null or payment_hint <> all(:concluding::text[]))
  order by next_at
  limit :batch_size
  for update skip locked
) due
where webhook_events.provider = due.provider and webhook_events.event_id = due.event_id
returning webhook_events.provider, webhook_events.event_id, webhook_events.about, webhook_events.intent_ref,
  webhook_events.refund_ref, webhook_events.dispute_ref, webhook_events.payment_hint

-- Found by their provider's reference, or by their own id where an object carried it.
-- @name payments_meant
select found.*
from (
  select by_ref.id from unnest(:providers::text[], :intent_refs::text[]) as meant (provider, intent_ref)
  cross join lateral (
    select p.id from payments p where p.provider = meant.provider and p.provider_ref = meant.intent_ref offset 0) by_ref
  union
  select unnest(:payment_hints::text[])
) as wanted (wanted_id)
cross join lateral (select * from payment_rows where payment_rows.id = wanted_id offset 0) found

-- @name mark_done
update webhook_events set state = 'done', done_at = now()
from (
  select * from unnest(:providers::text[], :event_ids::text[]) as event (provider, event_id) order by provider, event_id
) event
where webhook_events.provider = event.provider and webhook_events.event_id = event.event_id and state <> 'done'

-- @name mark_parked
update webhook_events set state = 'parked'
from (
  select * from unnest(:providers::text[], :event_ids::text[]) as event (provider, event_id) order by provider, event_id
) event
where webhook_events.provider = event.provider and webhook_events.event_id = event.event_id and state = 'received'
