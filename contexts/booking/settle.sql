-- @name settle_batch
select request, kind, reason, event_id
from settle_batch(:booking_ids::text[], :payment_ids::text[], :amounts::bigint[], :currencies::text[], :actors::text[],
  :events::text[], :traceparents::text[])

-- @name settle_late
select kind, reason, event_id from settle_late(:booking_id, :payment_id, :amount, :currency, :actor, :event, :traceparent)
