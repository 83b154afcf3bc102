-- @name advance
-- Only from where it was read: a replay that began meanwhile has taken the cursor away, and shall find it gone.
with moved as (
  update platform.bus_cursors set xid = :xid::xid8, id = :id
  where consumer = :consumer and source = :source and xid = :from_xid::xid8 and id = :from_id
)
insert into platform.bus_cursors (consumer, source, xid, id)
select :consumer, :source, :xid::xid8, :id
where :from_xid::text is null
on conflict (consumer, source) do nothing

-- @name postpone
insert into platform.bus_retries (consumer, event_id, source, xid, id, key, attempt, next_at, error)
select :consumer, e.event_id, :source, e.xid::xid8, e.id, e.key, :attempt, now() + make_interval(secs => :delay_s), :error
from unnest(:event_ids::uuid[], :xids::text[], :ids::bigint[], :keys::text[]) as e (event_id, xid, id, key)
on conflict (consumer, event_id) do update
set attempt = excluded.attempt, next_at = excluded.next_at, error = excluded.error

-- @name retry_keys
select key, count(*) as waiting from platform.bus_retries where consumer = :consumer and source = :source group by key

-- @name due_retries
select distinct on (key) event_id, xid::text as xid, id, key, attempt, next_at <= now() as due
from platform.bus_retries
where consumer = :consumer and source = :source
order by key, bus_retries.xid, bus_retries.id

-- @name forget_retry
delete from platform.bus_retries where consumer = :consumer and event_id = :event_id

-- @name park
insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, error)
values (:consumer, :event_id, :source, :topic, :key, :payload, :error)
on conflict (consumer, event_id) do update set error = excluded.error, parked_at = now()

-- @name enter_inbox
insert into inbox (consumer, event_id)
select :consumer, e.event_id from unnest(:event_ids::uuid[]) as e (event_id)
on conflict (consumer, event_id) do nothing
returning event_id
