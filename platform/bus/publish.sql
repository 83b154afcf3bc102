-- @name insert_event
insert into outbox (topic, key, payload, traceparent)
values (:topic, :key, :payload, :traceparent)
returning event_id
