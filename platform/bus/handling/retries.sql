-- @name postpone
-- An event that is redelivered while it waits keeps its position and its attempts.
insert into platform.bus_retries (consumer, source, event_id, topic, key, payload, occurred_at, traceparent, attempt, next_at, error)
select :consumer, :source, e.event_id, e.topic, e.key, e.payload, e.occurred_at, e.traceparent, :attempt,
  now() + make_interval(secs => :delay_s), :error
from unnest(:event_ids::uuid[], :topics::text[], :keys::text[], :payloads::text[]::json[], :occurred_ats::timestamptz[],
  :traceparents::text[]) with ordinality as e (event_id, topic, key, payload, occurred_at, traceparent, i)
order by e.i
on conflict (consumer, event_id) do update
set attempt = excluded.attempt, next_at = excluded.next_at, error = excluded.error
where bus_retries.attempt < excluded.attempt

-- @name keys
select distinct key from platform.bus_retries where consumer = :consumer and source = :source

-- @name due
-- The first event of each key, if it is due.
select event_id, topic, key, payload, occurred_at, traceparent, attempt from (
  select distinct on (key) event_id, topic, key, payload, occurred_at, traceparent, attempt, next_at
  from platform.bus_retries
  where consumer = :consumer and source = :source
  order by key, position
) head
where next_at <= now()

-- @name forget
delete from platform.bus_retries where consumer = :consumer and event_id = :event_id

-- @name forget_all
delete from platform.bus_retries where consumer = :consumer

-- @name park
with gone as (
  delete from platform.bus_retries where consumer = :consumer and event_id = :event_id
)
insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, occurred_at, traceparent, error)
values (:consumer, :event_id, :source, :topic, :key, :payload, :occurred_at, :traceparent, :error)
on conflict (consumer, event_id) do update set error = excluded.error, parked_at = now()

-- @name letters
select letter_id::text as id, consumer, event_id, topic, key, payload, error, occurred_at, parked_at
from platform.dead_letters
where letter_id > :after order by letter_id limit :limit

-- @name letter
select consumer, event_id, topic, key, payload, occurred_at, traceparent
from platform.dead_letters where letter_id = :letter_id

-- @name note_failure
update platform.dead_letters set error = :error, parked_at = now() where letter_id = :letter_id

-- @name discard
delete from platform.dead_letters where letter_id = :letter_id

-- @name discard_all
delete from platform.dead_letters where consumer = :consumer
