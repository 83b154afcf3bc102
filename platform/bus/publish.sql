-- @name insert_event
insert into outbox (topic, key, payload, traceparent)
values (:topic, :key, :payload, :traceparent)
returning event_id

-- @name insert_events
insert into outbox (topic, key, payload, traceparent)
select :topic, e.key, e.payload, :traceparent::text
from unnest(:keys::text[], :payloads::json[]) with ordinality as e (key, payload, i)
order by e.i
