-- @name record_events
insert into webhook_events (provider, event_id, type, about, intent_ref, refund_ref, dispute_ref, payment_hint, source)
select event.provider, event.event_id, event.type, event.about, event.intent_ref, event.refund_ref, event.dispute_ref,
  event.payment_hint, :source
from unnest(:providers::text[], :event_ids::text[], :types::text[], :abouts::text[], :intent_refs::text[],
  :refund_refs::text[], :dispute_refs::text[], :payment_hints::text[])
  as event (provider, event_id, type, about, intent_ref, refund_ref, dispute_ref, payment_hint)
where event.about is not null
order by event.provider, event.event_id
on conflict (provider, event_id) do nothing
