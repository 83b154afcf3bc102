-- @name record_events
insert into webhook_events (provider, event_id, type, intent_ref, refund_ref, dispute_ref, payment_hint, payload, source, state, done_at)
select :provider, event.event_id, event.type, event.intent_ref, event.refund_ref, event.dispute_ref, event.payment_hint,
  event.payload, :source,
  case when event.is_news then 'received' else 'done' end,
  case when event.is_news then null else now() end
from unnest(:event_ids::text[], :types::text[], :intent_refs::text[], :refund_refs::text[], :dispute_refs::text[],
  :payment_hints::text[], :payloads::text[], :are_news::boolean[])
  as event (event_id, type, intent_ref, refund_ref, dispute_ref, payment_hint, payload, is_news)
on conflict (provider, event_id) do nothing
